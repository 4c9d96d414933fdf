import { isIP, type NetConnectOpts, connect as open, type Socket } from "node:net";
import { ProbeFailure } from "../outcome/probe-failure.ts";
import { checkedSourceAddress } from "./source-address.ts";

/**
 * What to dial: an address and port (from one of this host's addresses, if need be), or the path of a Unix socket, which
 * starts with a NUL where it is an abstract name.
 */
export type Destination =
  | { readonly ip: string; readonly port: number; readonly sourceAddress?: string | undefined }
  | { readonly path: string };

/**
 * Opens a stream socket in one attempt. The signal destroys it, also long after it was opened. Rejects with the
 * system's error, or with a `ProbeFailure` where the destination itself is at fault; with the signal's reason after
 * an abort.
 */
export async function connect(destination: Destination, { signal }: { readonly signal: AbortSignal }): Promise<Socket> {
  signal.throwIfAborted();
  const socket: Socket = open({
    ...dialled(destination),
    noDelay: true,
    onread: { buffer: RECEIVED, callback: (length) => socket.push(Buffer.from(RECEIVED.subarray(0, length))) },
  });
  destroyOnAbort(socket, signal);
  return new Promise((resolve, reject) => {
    socket.once("connect", () => resolve(socket));
    // Stays for the socket's whole life: an error that comes while nobody listens (between two phases, after the
    // verdict) would otherwise end the process. It is not lost: `socket.errored` keeps it for whoever reads next.
    socket.on("error", reject);
  });
}

/**
 * What every socket of the thread receives into. Node would otherwise set 64 KiB aside for each read, of which a probe's
 * answer needs a little; at a thousand probes a second that garbage takes more memory than all else. A socket's bytes are
 * copied out before anything else can run.
 */
const RECEIVED = Buffer.allocUnsafeSlow(64 * 1024);

function dialled(destination: Destination): NetConnectOpts {
  if ("path" in destination) return { path: checkedPath(destination.path) };
  const { ip, sourceAddress } = destination;
  // A name here would be looked up by the operating system, on the thread pool that the resolver exists to avoid.
  if (isIP(ip) === 0) throw new TypeError(`Expected an IP address to dial, found ${JSON.stringify(ip)}`);
  return {
    host: ip,
    port: checkedPort(destination.port),
    ...(sourceAddress === undefined ? {} : { localAddress: checkedSourceAddress(sourceAddress, ip) }),
  };
}

/** `sun_path` holds 108 bytes with the closing NUL (unix(7)); a longer path would be cut off without a word. */
const LONGEST_PATH_BYTES = 107;

function checkedPath(path: string): string {
  if (path === "" || path.includes("\0", 1) || Buffer.byteLength(path) > LONGEST_PATH_BYTES) {
    throw new ProbeFailure("request/parameter-missing", {
      detail: `Expected the path of a Unix socket, at most ${LONGEST_PATH_BYTES} bytes, found ${quoted(path)}`,
    });
  }
  return path;
}

function checkedPort(port: number): number {
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new ProbeFailure("request/parameter-missing", { detail: `Expected a port from 1 to 65535, found ${port}` });
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}

function destroyOnAbort(socket: Socket, signal: AbortSignal): void {
  const onAbort = (): void => {
    socket.destroy(signal.reason instanceof Error ? signal.reason : new DOMException("Aborted", "AbortError"));
  };
  signal.addEventListener("abort", onAbort, { once: true });
  socket.once("close", () => signal.removeEventListener("abort", onAbort));
}
