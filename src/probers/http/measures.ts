import type { ProbeContext } from "../../probe/prober.ts";
import type { ResponseHead } from "./message.ts";
import type { HttpChecks } from "./settings.ts";

/** Where the time of HTTP goes, as blackbox_exporter divides it. */
export type HttpPhase = "resolve" | "connect" | "tls" | "processing" | "transfer";

/** Measures an HTTP probe by blackbox_exporter's names; what is not reached stays 0, as there. */
export class HttpMeasures {
  readonly #context: ProbeContext;
  readonly #seconds = new Map<HttpPhase, number>();

  constructor(context: ProbeContext, checks: HttpChecks) {
    this.#context = context;
    for (const name of ZERO_AT_FIRST) context.measure(name, 0);
    if (checks.cel.forbidden !== undefined || checks.cel.required !== undefined) {
      context.measure("probe_failed_due_to_cel", 0);
    }
  }

  /** Adds to a phase's time, which sums up over redirects. */
  add(phase: HttpPhase, seconds: number): void {
    const sum = (this.#seconds.get(phase) ?? 0) + seconds;
    this.#seconds.set(phase, sum);
    this.#context.measure("probe_http_duration_seconds", sum, PHASE_LABELS[phase]);
  }

  /** The name is resolved: the phases that follow exist from here on. */
  resolved(): void {
    for (const phase of ["connect", "tls", "processing", "transfer"] as const) this.add(phase, 0);
  }

  redirects(count: number): void {
    this.#context.measure("probe_http_redirects", count);
  }

  /** The head of a final response. */
  response(head: ResponseHead, over: "tls" | "plain"): void {
    this.#context.noteHttpStatus(head.status);
    this.#context.measure("probe_http_status_code", head.status);
    this.#context.measure("probe_http_version", Number.parseFloat(head.version.slice("HTTP/".length)));
    this.#context.measure("probe_http_ssl", over === "tls" ? 1 : 0);
    this.#context.measure("probe_http_content_length", contentLength(head));
    const modified = lastModified(head);
    if (modified !== undefined) this.#context.measure("probe_http_last_modified_timestamp_seconds", modified);
  }

  /** Bytes of the decoded body. */
  bodyLength(bytes: number): void {
    this.#context.measure("probe_http_uncompressed_body_length", bytes);
  }

  failedBy(kind: "expression" | "cel"): void {
    this.#context.measure(kind === "cel" ? "probe_failed_due_to_cel" : "probe_failed_due_to_regex", 1);
  }
}

const ZERO_AT_FIRST = [
  "probe_http_content_length",
  "probe_http_uncompressed_body_length",
  "probe_http_redirects",
  "probe_http_ssl",
  "probe_http_status_code",
  "probe_http_version",
  "probe_failed_due_to_regex",
] as const;

const PHASE_LABELS = {
  resolve: { phase: "resolve" },
  connect: { phase: "connect" },
  tls: { phase: "tls" },
  processing: { phase: "processing" },
  transfer: { phase: "transfer" },
} as const satisfies Record<HttpPhase, { readonly phase: string }>;

/** -1 where the response does not say; a status without a body says 0. */
function contentLength({ status, headers }: ResponseHead): number {
  if (status === 204 || status === 304 || status < 200) return 0;
  const given = headers["content-length"];
  const text = typeof given === "string" ? given : (given?.[0] ?? "");
  return /^\d{1,15}$/u.test(text) ? Number(text) : -1;
}

/** Unix seconds; undefined where the header is missing or no date (RFC 9110 §8.8.2). */
function lastModified({ headers }: ResponseHead): number | undefined {
  const given = headers["last-modified"];
  const text = typeof given === "string" ? given : (given?.[0] ?? "");
  const milliseconds = /^\w{3,9},? /u.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}
