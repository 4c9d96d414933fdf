import type { TLSSocket } from "node:tls";
import { LineDialogue } from "../../network/line-dialogue.ts";
import { write } from "../../network/write.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { printable } from "../../probe/printable.ts";
import { VERSION } from "../../probe/version.ts";
import type { PageSettings } from "./settings.ts";
import { type Endpoint, readTarget } from "./target.ts";

/** The beginning of a response: its body does not matter here. */
export interface PageHead {
  readonly status: number;
  readonly location: string | undefined;
}

/**
 * Asks for a page over the channel and reads the head of its response. Throws `ProbeFailure` `exchange/malformed` or
 * `exchange/closed`; otherwise the stream's error.
 */
export async function askPage(
  channel: TLSSocket,
  { settings, endpoint }: { readonly settings: PageSettings; readonly endpoint: Endpoint },
): Promise<PageHead> {
  using dialogue = new LineDialogue(channel);
  await write(channel, Buffer.from(requestText(settings, endpoint), "latin1"));
  for (let interim = 0; interim < MOST_INTERIM_RESPONSES; interim += 1) {
    const head = readHead(await dialogue.readLine(), await dialogue.readLines((line) => line === ""));
    // 101 would be an answer to an upgrade, for which nobody asked.
    if (head.status >= 200 || head.status === 101) return head;
  }
  throw malformed("a final response", `${MOST_INTERIM_RESPONSES} interim ones`);
}

/** Servers send one or two (RFC 9110 §15.2). */
const MOST_INTERIM_RESPONSES = 10;

/** The request as it goes over the line (RFC 9112 §3). */
export function requestText(settings: PageSettings, { host, port, path }: Endpoint): string {
  const name = host.includes(":") ? `[${host}]` : host;
  const lines = [
    `${settings.method} ${path} HTTP/1.1`,
    `Host: ${port === 443 ? name : `${name}:${port}`}`,
    `User-Agent: Status-Exporter/${VERSION}`,
    "Accept: */*",
    ...(settings.authorization === undefined ? [] : [`Authorization: ${settings.authorization.reveal()}`]),
    "Connection: close",
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/** Reads a status line and the header lines after it. */
export function readHead(statusLine: string, lines: readonly string[]): PageHead {
  const status = /^HTTP\/1\.[01] (?<status>[1-5]\d\d)(?: |$)/u.exec(statusLine)?.groups?.["status"];
  if (status === undefined) throw malformed("a status line of HTTP/1.1", printable(statusLine));
  const location = lines.map((line) => /^location:(?<value>.*)$/iu.exec(line)?.groups?.["value"]?.trim());
  return { status: Number(status), location: location.find((value) => value !== undefined) };
}

/**
 * What follows from a response: undefined where it is accepted, or the place that it leads to. Throws `ProbeFailure`
 * where it is not accepted or leads to where no TLS is.
 */
export function judgePage(
  { status, location }: PageHead,
  { settings, endpoint }: { readonly settings: PageSettings; readonly endpoint: Endpoint },
): Endpoint | undefined {
  const { statusCodes, authorization } = settings;
  if (statusCodes.length === 0 ? status >= 200 && status <= 299 : statusCodes.includes(status)) return undefined;
  if (REDIRECTS.has(status) && location !== undefined) return follow(location, endpoint);
  if ((status === 401 || status === 407) && authorization !== undefined) {
    throw new ProbeFailure("login/rejected", { detail: `The server refused the credentials with status ${status}` });
  }
  const wanted = statusCodes.length === 0 ? "2xx" : statusCodes.join(", ");
  const detail = `The server answered with status ${status}; expected ${wanted}`;
  throw new ProbeFailure("content/status-not-allowed", { detail });
}

/** RFC 9110 §15.4, those that name another place to get the page from. */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

function follow(location: string, endpoint: Endpoint): Endpoint {
  const host = endpoint.host.includes(":") ? `[${endpoint.host}]` : endpoint.host;
  const url = URL.parse(location, `https://${host}:${endpoint.port}${endpoint.path}`);
  if (url === null) throw malformed("a redirect to a URL", printable(location));
  if (url.protocol !== "https:") {
    const detail = `Expected a redirect to https, found one to ${printable(url.protocol)}`;
    throw new ProbeFailure("redirect/unsupported-scheme", { detail });
  }
  const target = readTarget(`https://${url.host}${url.pathname}${url.search}`, { startTls: undefined });
  if (target.kind !== "server") throw malformed("a redirect to a server", printable(location));
  return target;
}

function malformed(expected: string, found: string): ProbeFailure {
  return new ProbeFailure("exchange/malformed", { detail: `Expected ${expected}, found ${found}` });
}
