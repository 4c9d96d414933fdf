import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from "node:tls";
import type { SecureChannel, SecureOptions, TlsClient } from "../../src/network/secure.ts";
import { DEFAULT_TLS_SETTINGS, type TlsSettings } from "../../src/network/tls-settings.ts";
import type { Authority, Identity } from "../support/certificates.ts";

/** A server on loopback whose connections end with it. */
export interface Fixture extends AsyncDisposable {
  readonly port: number;
  /** A new connection to it. */
  connect(): Promise<Socket>;
  /** Waits until every connection so far is closed. */
  idle(): Promise<void>;
}

/** A TLS server that presents an identity and then says nothing. */
export async function serveTls(
  identity: Identity,
  options: TlsOptions & { readonly onSecure?: (socket: TLSSocket) => void } = {},
): Promise<Fixture> {
  const server = createTlsServer({ key: identity.key, cert: identity.chain, ...options });
  server
    .on("tlsClientError", () => {})
    .on("secureConnection", (socket) => {
      socket.on("error", () => {});
      options.onSecure?.(socket);
    });
  return listen(server);
}

/** A TCP server that does with each connection what the test says. */
export async function serveTcp(onConnection: (socket: Socket) => void): Promise<Fixture> {
  return listen(createServer((socket) => onConnection(socket.on("error", () => {}))));
}

async function listen(server: Server): Promise<Fixture> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Wanted a port");
  const { port } = address;
  return {
    port,
    connect: async () => {
      const socket = connect(port, "127.0.0.1");
      await once(socket, "connect");
      return socket;
    },
    idle: async () => {
      await Promise.all([...sockets].map((socket) => once(socket, "close")));
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}

/** Settings that trust these authorities alone. */
export function trusting(...authorities: readonly Pick<Authority, "certificate">[]): TlsSettings {
  const text = authorities.map(({ certificate }) => certificate).join("");
  return { ...DEFAULT_TLS_SETTINGS, authorities: { inline: () => text } };
}

type ShakeRequest = { readonly client: TlsClient } & Partial<SecureOptions>;

/** A channel to the server under the name `localhost`. */
export async function open(server: Fixture, request: ShakeRequest): Promise<SecureChannel> {
  const { client, ...options } = request;
  return client.secure(await server.connect(), {
    settings: DEFAULT_TLS_SETTINGS,
    host: "localhost",
    signal: new AbortController().signal,
    ...options,
  });
}

/** The same, closed at once: for what the handshake told. */
export async function shake(server: Fixture, request: ShakeRequest): Promise<SecureChannel> {
  const channel = await open(server, request);
  channel.socket.destroy();
  return channel;
}

/** The outcomes of all problems, in order. */
export function outcomes(channel: Pick<SecureChannel, "verdict">): readonly string[] {
  return channel.verdict.problems.map(({ outcome }) => outcome);
}
