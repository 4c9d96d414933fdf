import type { Socket } from "node:net";
import { connect } from "../../network/connect.ts";
import { secureChannel } from "../../probe/secure-channel.ts";
import type { Inquiry } from "./transport.ts";

/** A connection to the server; disposing of it ends it at once. */
export interface OpenStream extends Disposable {
  readonly socket: Socket;
  /** What ALPN chose, if anything. */
  readonly protocol: string | undefined;
}

export interface StreamOptions {
  readonly security: "plain" | "tls";
  /** ALPN protocols to offer, by preference. */
  readonly protocols?: readonly string[];
}

/** Connects to the server, and shakes hands where it is TLS; the server's name is the target's. */
export async function openStream(inquiry: Inquiry, { security, protocols }: StreamOptions): Promise<OpenStream> {
  const { address, server, settings, context, during } = inquiry;
  const { sourceAddress } = settings.family;
  const destination = { ip: address.ip, port: server.port, sourceAddress };
  const socket = await during("connect", () => connect(destination, context));
  if (security === "plain") return { socket, protocol: undefined, [Symbol.dispose]: () => socket.destroy() };
  const options = { settings: settings.tls, host: server.host, ...(protocols === undefined ? {} : { protocols }) };
  const channel = await during("tls", () => secureChannel(socket, options, context));
  return {
    socket: channel.socket,
    protocol: channel.protocol,
    [Symbol.dispose]() {
      channel.socket.destroy();
      socket.destroy();
    },
  };
}
