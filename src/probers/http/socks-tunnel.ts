import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import { addressBytes } from "../../network/address-bytes.ts";
import type { Failure } from "../../outcome/outcome.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import type { ProxyServer } from "../../settings/proxy-server.ts";
import { EarlyEndError, readReply } from "./read-reply.ts";

/** Where a tunnel is to lead: a name or an address, and a port. */
export interface TunnelEnd {
  readonly host: string;
  readonly port: number;
}

/**
 * Asks a SOCKS5 proxy for a connection (RFC 1928, RFC 1929). Throws ProbeFailure `login/rejected` where it wants other
 * credentials, `connect/…` where it cannot or will not connect, `exchange/malformed` for what is no reply.
 */
export async function openSocksTunnel(
  socket: Duplex,
  { server, end }: { readonly server: ProxyServer; readonly end: TunnelEnd },
): Promise<void> {
  try {
    await authenticate(socket, server);
    socket.write(connectCommand(end));
    const code = await readReply(socket, parseConnectReply);
    if (code !== SUCCEEDED) throw refusal(code, end);
  } catch (error) {
    if (!(error instanceof EarlyEndError)) throw error;
    const detail = "The SOCKS proxy closed the connection before it had connected";
    throw new ProbeFailure("connect/unreachable", { detail, cause: error });
  }
}

async function authenticate(socket: Duplex, server: ProxyServer): Promise<void> {
  const named = server.username !== undefined || server.password !== undefined;
  socket.write(
    named ? Buffer.from([VERSION, 2, NO_AUTHENTICATION, PASSWORD]) : Buffer.from([VERSION, 1, NO_AUTHENTICATION]),
  );
  const method = await readReply(socket, (bytes) => parsePair(bytes, VERSION));
  if (method === NO_AUTHENTICATION) return;
  if (method !== PASSWORD || !named) {
    throw new ProbeFailure("login/rejected", { detail: "The SOCKS proxy wants credentials that are not configured" });
  }
  socket.write(passwordMessage(server));
  const status = await readReply(socket, (bytes) => parsePair(bytes, PASSWORD_VERSION));
  if (status !== SUCCEEDED)
    throw new ProbeFailure("login/rejected", { detail: "The SOCKS proxy refused the credentials" });
}

const VERSION = 5;
const NO_AUTHENTICATION = 0;
const PASSWORD = 2;
const PASSWORD_VERSION = 1;
const SUCCEEDED = 0;

/** Both fields have one byte for their length (RFC 1929 §2). */
function passwordMessage({ username, password }: ProxyServer): Buffer {
  const [name, secret] = [Buffer.from(username ?? ""), Buffer.from(password?.reveal() ?? "")];
  if (name.length > 255 || secret.length > 255) {
    const detail = "The credentials of the SOCKS proxy are longer than 255 bytes";
    throw new ProbeFailure("request/parameter-missing", { detail });
  }
  return Buffer.concat([Buffer.from([PASSWORD_VERSION, name.length]), name, Buffer.from([secret.length]), secret]);
}

function parsePair(bytes: Buffer, version: number): { readonly value: number; readonly length: number } | undefined {
  if (bytes.length > 0 && bytes[0] !== version) throw notSocks();
  const value = bytes[1];
  return value === undefined ? undefined : { value, length: 2 };
}

/** CONNECT (1), a reserved byte, then type, address and port (RFC 1928 §4). */
function connectCommand({ host, port }: TunnelEnd): Buffer {
  const family = isIP(host);
  const name = Buffer.from(host);
  const address =
    family === 0
      ? Buffer.concat([Buffer.from([3, name.length]), name])
      : Buffer.concat([Buffer.from([family === 4 ? 1 : 4]), addressBytes(host)]);
  return Buffer.concat([Buffer.from([VERSION, 1, 0]), address, Buffer.from([port >> 8, port & 0xff])]);
}

/** The reply code, once the whole reply with its address is here (RFC 1928 §6). */
function parseConnectReply(bytes: Buffer): { readonly value: number; readonly length: number } | undefined {
  if (bytes.length > 0 && bytes[0] !== VERSION) throw notSocks();
  const [, code, , type, nameLength] = bytes;
  if (code !== undefined && code !== SUCCEEDED) return { value: code, length: bytes.length };
  const addressLength =
    type === 1 ? 4 : type === 4 ? 16 : type === 3 && nameLength !== undefined ? 1 + nameLength : undefined;
  if (type !== undefined && ![1, 3, 4].includes(type)) throw notSocks();
  if (code === undefined || addressLength === undefined) return undefined;
  const length = 4 + addressLength + 2;
  return bytes.length < length ? undefined : { value: code, length };
}

function notSocks(): ProbeFailure {
  return new ProbeFailure("exchange/malformed", { detail: "The proxy does not speak SOCKS5" });
}

function refusal(code: number, { host, port }: TunnelEnd): ProbeFailure {
  const { outcome, meaning } = REFUSALS.get(code) ?? { outcome: "connect/unreachable", meaning: `reply ${code}` };
  return new ProbeFailure(outcome, { detail: `The SOCKS proxy cannot connect to ${host}:${port} (${meaning})` });
}

/** RFC 1928 §6. */
const REFUSALS: ReadonlyMap<number, { readonly outcome: Failure; readonly meaning: string }> = new Map([
  [1, { outcome: "connect/unreachable", meaning: "general failure" }],
  [2, { outcome: "connect/unreachable", meaning: "not allowed by its rules" }],
  [3, { outcome: "connect/unreachable", meaning: "network unreachable" }],
  [4, { outcome: "connect/unreachable", meaning: "host unreachable" }],
  [5, { outcome: "connect/refused", meaning: "connection refused" }],
  [6, { outcome: "connect/unreachable", meaning: "TTL expired" }],
  [7, { outcome: "connect/unreachable", meaning: "command not supported" }],
  [8, { outcome: "connect/unreachable", meaning: "address type not supported" }],
]);
