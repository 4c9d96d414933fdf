import { startDeadline } from "../network/deadline.ts";
import { ProbeFailure } from "../outcome/probe-failure.ts";
import type { SecretFile } from "../settings/secret-source.ts";
import type { ServerReport } from "./collect-report.ts";

/** What became of a report: taken; to be sent again later; or not wanted as it is. The detail is for a person. */
export type Delivery =
  | { readonly kind: "taken" }
  | { readonly kind: "unavailable" | "refused"; readonly detail: string };

/** Where reports go, and with which token. */
export interface Destination {
  /** The exporter's URL, with the path under which it serves. */
  readonly url: URL;
  readonly server: string;
  readonly token: SecretFile;
}

/** An exporter answers in milliseconds; one that does not is not there. */
const TIMEOUT_SECONDS = 10;

/** Statuses that say nothing about the report itself. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** As much of an answer as is worth a line of a log. */
const LONGEST_ANSWER = 200;

/** Sends one report. Rejects only where the signal aborts. */
export async function sendReport(
  report: ServerReport,
  { destination, signal }: { readonly destination: Destination; readonly signal: AbortSignal },
): Promise<Delivery> {
  using deadline = startDeadline({ seconds: TIMEOUT_SECONDS, signal });
  try {
    const response = await fetch(reportUrl(destination), {
      method: "POST",
      headers: { Authorization: `Bearer ${await destination.token.read()}`, "Content-Type": "application/json" },
      body: JSON.stringify(report),
      // Elsewhere the token would be in the wrong hands.
      redirect: "error",
      signal: deadline.signal,
    });
    if (response.status === 204) return { kind: "taken" };
    const detail = `${response.status} ${await beginningOf(response)}`.trim();
    return { kind: PASSING_STATUSES.has(response.status) ? "unavailable" : "refused", detail };
  } catch (error) {
    if (deadline.cancelled) throw error;
    return { kind: error instanceof ProbeFailure ? "refused" : "unavailable", detail: sentence(error) };
  }
}

function reportUrl({ url, server }: Destination): URL {
  const base = new URL(url);
  base.pathname = `${base.pathname.replace(/\/+$/u, "")}/reports/${encodeURIComponent(server)}`;
  return base;
}

async function beginningOf({ body }: Response): Promise<string> {
  if (body === null) return "";
  let text = "";
  for await (const part of body.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (text.length >= LONGEST_ANSWER) break;
  }
  return text.slice(0, LONGEST_ANSWER).replaceAll(/\p{Cc}+/gu, " ");
}

function sentence(error: unknown): string {
  if (error instanceof ProbeFailure) return error.detail;
  if (!(error instanceof Error)) return String(error);
  // fetch says that it failed, and why in the cause.
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
