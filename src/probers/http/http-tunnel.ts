import type { Duplex } from "node:stream";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { printable } from "../../probe/printable.ts";
import { USER_AGENT } from "../../probe/version.ts";
import type { HttpClientSettings } from "../../settings/http-client.ts";
import type { ProxyServer } from "../../settings/proxy-server.ts";
import { EarlyEndError, readReply } from "./read-reply.ts";
import { basicAuthorization } from "./request.ts";

/**
 * Asks an HTTP proxy for a tunnel to `authority` (`host:port`; RFC 9110 §9.3.6). Throws ProbeFailure `login/rejected`
 * for 407, `connect/unreachable` for any other refusal, `exchange/malformed` for what is no reply.
 */
export async function openHttpTunnel(
  socket: Duplex,
  options: {
    readonly authority: string;
    readonly server: ProxyServer;
    readonly headers: HttpClientSettings["proxyConnectHeaders"];
  },
): Promise<void> {
  socket.write(connectRequest(options), "latin1");
  const { status, reason } = await replyOf(socket);
  if (status >= 200 && status <= 299) return;
  const came = `${status} ${printable(reason)}`.trim();
  if (status === 407) {
    throw new ProbeFailure("login/rejected", {
      detail: `The proxy refused the credentials for it, or wants some: ${came}`,
    });
  }
  throw new ProbeFailure("connect/unreachable", {
    detail: `The proxy answered ${came} to CONNECT ${options.authority}`,
  });
}

function connectRequest({
  authority,
  server,
  headers,
}: {
  readonly authority: string;
  readonly server: ProxyServer;
  readonly headers: HttpClientSettings["proxyConnectHeaders"];
}): string {
  const lines = [`CONNECT ${authority} HTTP/1.1`, `Host: ${authority}`];
  const given = new Set(headers.map(([name]) => name.toLowerCase()));
  if (!given.has("user-agent")) lines.push(`User-Agent: ${USER_AGENT}`);
  const authorization = proxyAuthorization(server);
  if (authorization !== undefined && !given.has("proxy-authorization")) {
    lines.push(`Proxy-Authorization: ${authorization}`);
  }
  for (const [name, values] of headers) for (const value of values) lines.push(`${name}: ${value.reveal()}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/** The value of Proxy-Authorization that a proxy's URL makes; undefined where it has no userinfo. */
export function proxyAuthorization({ username, password }: ProxyServer): string | undefined {
  if (username === undefined && password === undefined) return undefined;
  return basicAuthorization(username ?? "", password?.reveal() ?? "");
}

interface Reply {
  readonly status: number;
  readonly reason: string;
}

async function replyOf(socket: Duplex): Promise<Reply> {
  try {
    return await readReply(socket, parseReply);
  } catch (error) {
    if (!(error instanceof EarlyEndError)) throw error;
    const detail = "The proxy closed the connection instead of answering CONNECT";
    throw new ProbeFailure("connect/unreachable", { detail, cause: error });
  }
}

/** The reply at the start of `bytes`, or undefined while its header is incomplete. */
function parseReply(bytes: Buffer): { readonly value: Reply; readonly length: number } | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  const [, status, reason] =
    /^HTTP\/1\.[01] (\d{3})(?: ([^\r\n]*))?\r\n/u.exec(bytes.toString("latin1", 0, 1024)) ?? [];
  if (end !== -1 && status !== undefined) {
    return { value: { status: Number(status), reason: reason ?? "" }, length: end + "\r\n\r\n".length };
  }
  if (end !== -1 || bytes.length > LARGEST_REPLY_BYTES || !"HTTP/1.".startsWith(bytes.toString("latin1", 0, 7))) {
    const detail = `The proxy's reply to CONNECT is no HTTP: ${JSON.stringify(printable(bytes))}`;
    throw new ProbeFailure("exchange/malformed", { detail });
  }
  return undefined;
}

/** A proxy's reply has a few headers at most; it is searched anew with every chunk, hence no larger. */
const LARGEST_REPLY_BYTES = 16 * 1024;
