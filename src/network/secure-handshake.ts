import type { Socket } from "node:net";
import { connect, type SecureContext, type TLSSocket } from "node:tls";
import { ProbeFailure } from "../outcome/probe-failure.ts";
import { parseServerName } from "./server-name.ts";

export interface HandshakeOptions {
  readonly context: SecureContext;
  /** What to send as SNI, if it is a name. */
  readonly host: string;
  readonly protocols: readonly string[];
  readonly session: Buffer | undefined;
  /** Asks for a stapled OCSP response and gets it, or null where there is none. */
  readonly onStaple?: ((response: Buffer | null) => void) | undefined;
  readonly signal: AbortSignal;
}

/**
 * Shakes hands over a connected socket; whom the peer is stays open. Resumes a session only where it is given one, for
 * a resumed one shows no certificates. Rejects with the library's error, with a `ProbeFailure`, or with the signal's reason.
 */
export async function shakeHands(socket: Socket, options: HandshakeOptions): Promise<TLSSocket> {
  options.signal.throwIfAborted();
  if (socket.destroyed) throw closedEarly(socket.errored);
  const channel = connect({
    socket,
    secureContext: options.context,
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    ...serverNameIndication(options.host),
    ...(options.session === undefined ? {} : { session: options.session }),
    ...(options.onStaple === undefined ? {} : { requestOCSP: true }),
    ...(options.protocols.length === 0 ? {} : { ALPNProtocols: [...options.protocols] }),
  });
  if (options.onStaple !== undefined) channel.once("OCSPResponse", options.onStaple);
  let agreed = false;
  const onSecrets = () => {
    agreed = true;
  };
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onClose = () => reject(closedEarly(null));
  const onAbort = () => reject(options.signal.reason);
  channel.once("keylog", onSecrets).once("secureConnect", resolve).on("error", reject).once("close", onClose);
  options.signal.addEventListener("abort", onAbort, { once: true });
  try {
    await promise;
    return channel;
  } catch (error) {
    channel.destroy();
    throw agreed ? brokenOff(error) : error;
  } finally {
    // The listener for errors stays, for more than one: a channel that is given up while it writes tells of the end, and
    // then of what could not be written. Neither must end the process.
    options.signal.removeEventListener("abort", onAbort);
    channel.off("keylog", onSecrets).off("secureConnect", resolve).off("close", onClose);
  }
}

/** Addresses are no server names (RFC 6066 §3), nor is anything longer than a name can be. */
function serverNameIndication(host: string): { readonly servername?: string } {
  const { kind, text } = parseServerName(host);
  return kind === "name" && text !== "" && text.length <= 253 ? { servername: text } : {};
}

/**
 * A server that misses the client's certificate sends the same alert as one that finds no common cipher. But once there
 * are secrets to log, the cipher is settled.
 */
function brokenOff(error: unknown): unknown {
  if (!(error instanceof Error && "reason" in error)) return error;
  const detail = `The TLS handshake failed after a cipher was agreed: ${String(error.reason)}; the server may want a client certificate`;
  return new ProbeFailure("tls/handshake-failed", { detail, cause: error });
}

function closedEarly(cause: Error | null): Error {
  return (
    cause ?? new ProbeFailure("tls/handshake-failed", { detail: "The connection was closed during the TLS handshake" })
  );
}
