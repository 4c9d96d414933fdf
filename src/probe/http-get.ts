import type { Socket } from "node:net";
import { ProbeFailure } from "../outcome/probe-failure.ts";
import { dial, type Line } from "./dial.ts";
import { getOver } from "./get-over.ts";
import { readBounded } from "./read-bounded.ts";
import { USER_AGENT } from "./version.ts";

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  /** `Retry-After` as it was sent. */
  readonly retryAfter: string | undefined;
  readonly body: Uint8Array;
  /** Host and port of whoever answered in the end. */
  readonly server: string;
}

export interface HttpGetOptions {
  readonly accept: string;
  readonly mostBytes: number;
}

/** Servers of documents redirect to themselves or to whoever took them over: more than this is a loop. */
const MOST_REDIRECTS = 5;

/** Fetches a document over HTTP/1.1, following redirects; never from https to http. Throws `ProbeFailure`, or an error. */
export async function httpGet(url: URL, options: HttpGetOptions, line: Line): Promise<HttpAnswer> {
  let next = url;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const answer = await getOnce(next, options, line);
    if (answer.location === undefined) return answer;
    next = redirectedTo(answer.location, next);
  }
  throw new ProbeFailure("redirect/too-many", {
    detail: `${url.host} redirects more than ${MOST_REDIRECTS} times`,
  });
}

function redirectedTo(location: string, from: URL): URL {
  const target = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
  const isAllowed = target?.protocol === "https:" || (target?.protocol === "http:" && from.protocol === "http:");
  if (target !== undefined && isAllowed) return target;
  throw new ProbeFailure("redirect/unsupported-scheme", {
    detail: `${from.host} redirects to ${JSON.stringify(location.slice(0, 100))}, which is not https`,
  });
}

async function getOnce(
  url: URL,
  { accept, mostBytes }: HttpGetOptions,
  line: Line,
): Promise<HttpAnswer & { readonly location: string | undefined }> {
  const tooLarge = (): ProbeFailure =>
    new ProbeFailure("exchange/malformed", { detail: `The answer is larger than ${mostBytes} bytes` });
  using owned = new DisposableStack();
  const channel = await openChannel(url, { line, owned });
  const headers = { host: url.host, accept, "user-agent": USER_AGENT, connection: "close" };
  const response = await getOver(channel, { url, headers, signal: line.signal });
  const status = response.statusCode ?? 0;
  const location = status >= 300 && status < 400 ? response.headers.location : undefined;
  return {
    status,
    contentType: response.headers["content-type"] ?? "",
    retryAfter: response.headers["retry-after"],
    location,
    // What stands beside a redirect is for people.
    body: location === undefined ? await readBounded(response, { mostBytes, tooLarge }) : new Uint8Array(),
    server: url.host,
  };
}

async function openChannel(
  url: URL,
  { line, owned }: { readonly line: Line; readonly owned: DisposableStack },
): Promise<Socket> {
  const host = url.hostname.replaceAll(/^\[|\]$/gu, "");
  const isSecure = url.protocol === "https:";
  const port = url.port === "" ? (isSecure ? 443 : 80) : Number(url.port);
  const socket = owned.adopt(await dial({ host, port }, line), (one) => one.destroy());
  if (!isSecure) return socket;
  const { settings, environment, signal } = line;
  const channel = await environment.network.tls.secure(socket, { settings: settings.tls, host, signal });
  owned.adopt(channel.socket, (one) => one.destroy());
  const [problem] = settings.tls.insecureSkipVerify ? [] : channel.verdict.problems;
  if (problem === undefined) return channel.socket;
  throw new ProbeFailure(problem.outcome, { detail: `${host}: ${problem.detail}` });
}
