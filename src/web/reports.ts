import { isUtf8 } from "node:buffer";
import { createHash, timingSafeEqual } from "node:crypto";
import type { Request, RequestHandler, Response } from "express";
import type { Refusal, ReportReceipt } from "../outcome/report-receipt.ts";
import type { ServerSettings } from "../settings/server-settings.ts";
import type { ApplicationDependencies } from "./application-dependencies.ts";
import { sendText } from "./send-text.ts";
import { RateLimiter } from "./web-config-rate-limiter.ts";

/** What refuses a report, as an answer: all of them are the sender's to mend, but for the last. */
const STATUSES = {
  "unknown-server": 404,
  "wrong-token": 401,
  "too-many": 429,
  "unsupported-type": 415,
  "too-large": 413,
  incomplete: 400,
  malformed: 400,
  invalid: 422,
  "clock-ahead": 422,
  "not-stored": 503,
} as const satisfies Record<Refusal, number>;

/** A hundred file systems and a hundred devices with long names take a third of it. */
const MOST_BYTES = 64 * 1024;

/**
 * Enough for an agent that catches up after a failure; one that runs wild is held to one report in five seconds, or to
 * twice what its server is configured to send.
 */
const BURST = 10;
const SHORTEST_INTERVAL_SECONDS = 5;

/** How long an agent is to wait where it comes too often or where nothing can be kept. */
const RETRY_AFTER_SECONDS = "10";

/**
 * `POST /reports/NAME`: takes a server's report and answers 204 once it is kept. The server proves itself by its token
 * before a byte of the report is read.
 */
export function serveReports({
  configuration,
  reports,
  metrics,
}: Pick<ApplicationDependencies, "configuration" | "reports" | "metrics">): RequestHandler {
  const limiters = new Map<string, RateLimiter>();
  return async (request, response) => {
    const sender = senderOf(request, configuration().servers);
    const receipt =
      "kind" in sender ? sender : await take(request, { name: sender.name, limiter: limiterOf(sender), reports });
    if (receipt.kind === "stored") metrics.reportReceived();
    else metrics.reportRejected(receipt.reason);
    answer(response, receipt);
  };

  /** One for each server that is configured, so that a server cannot use up the turns of another. */
  function limiterOf({ name, reportIntervalSeconds }: Sender): RateLimiter {
    const intervalSeconds = Math.min(SHORTEST_INTERVAL_SECONDS, reportIntervalSeconds / 2);
    const known = limiters.get(name);
    if (known?.limit.intervalSeconds === intervalSeconds) return known;
    const limiter = new RateLimiter({ burst: BURST, intervalSeconds }, () => performance.now());
    limiters.set(name, limiter);
    return limiter;
  }
}

/** What any other method gets. */
export const refuseReports: RequestHandler = (_request, response) => {
  response.setHeader("Allow", "POST");
  sendText(response, { status: 405, text: "A report is sent by POST" });
};

type Refused = Extract<ReportReceipt, { kind: "refused" }>;

function refused(reason: Refusal, detail: string): Refused {
  return { kind: "refused", reason, detail };
}

interface Sender {
  readonly name: string;
  readonly reportIntervalSeconds: number;
}

/** The server that sends, if it is one and has its token; in Hitflow's headers or in those of RFC 6750 §2.1. */
function senderOf(request: Request, servers: ReadonlyMap<string, ServerSettings>): Sender | Refused {
  const name = String(request.params["name"]);
  const server = servers.get(name);
  const alias = request.headers["hitflow-agent-server"];
  if (server?.source.kind !== "reports" || (alias !== undefined && alias !== name)) {
    return refused("unknown-server", "There is no server of this name that sends reports");
  }
  const { source, reportIntervalSeconds } = server;
  if (isToken(tokenOf(request), source.tokenSha256)) return { name, reportIntervalSeconds };
  return refused("wrong-token", "Expected the server's token: Authorization: Bearer TOKEN");
}

function tokenOf({ headers }: Request): string {
  const alias = headers["hitflow-agent-token"];
  if (typeof alias === "string") return alias;
  return /^Bearer +(?<token>\S+) *$/iu.exec(headers.authorization ?? "")?.groups?.["token"] ?? "";
}

/** In a time that does not depend on how much of the token is right. */
function isToken(token: string, sha256: string): boolean {
  const digest = createHash("sha256").update(token).digest();
  return timingSafeEqual(digest, Buffer.from(sha256, "hex")) && token !== "";
}

async function take(
  request: Request,
  given: {
    readonly name: string;
    readonly limiter: RateLimiter;
    readonly reports: ApplicationDependencies["reports"];
  },
): Promise<ReportReceipt> {
  if (!given.limiter.admits()) return refused("too-many", "This server reports too often");
  const { "content-type": type = "application/json", "content-encoding": encoding = "identity" } = request.headers;
  if (!/^application\/json *(?:;|$)/iu.test(type) || encoding !== "identity") {
    return refused("unsupported-type", "Expected application/json without a content encoding");
  }
  const body = await readBody(request);
  return typeof body === "string" ? given.reports.receive(given.name, body) : body;
}

async function readBody(request: Request): Promise<string | Refused> {
  if (Number(request.headers["content-length"] ?? 0) > MOST_BYTES) return TOO_LARGE;
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    // A stream that is left early would take its connection with it, and the answer with that.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      if (!(chunk instanceof Uint8Array)) continue;
      length += chunk.length;
      if (length > MOST_BYTES) return TOO_LARGE;
      chunks.push(chunk);
    }
  } catch (error) {
    if (!request.errored) throw error;
    return refused("incomplete", "The report broke off");
  }
  const body = Buffer.concat(chunks);
  return isUtf8(body) ? body.toString("utf8") : refused("malformed", "The report is not UTF-8");
}

const TOO_LARGE = refused("too-large", `A report has at most ${MOST_BYTES} bytes`);

function answer(response: Response, receipt: ReportReceipt): void {
  if (response.destroyed) return;
  if (receipt.kind === "stored") {
    response.statusCode = 204;
    response.end();
    return;
  }
  const status = STATUSES[receipt.reason];
  if (status === 401) response.setHeader("WWW-Authenticate", 'Bearer realm="reports"');
  if (status === 429 || status === 503) response.setHeader("Retry-After", RETRY_AFTER_SECONDS);
  // What was not read of the request would be taken for the next one.
  response.setHeader("Connection", "close");
  sendText(response, { status, text: `${receipt.reason}: ${receipt.detail}` });
}
