import type { Report } from "../outcome/report.ts";

/** What is asked of a runner: plain data, so that the probe may run in another thread. */
export interface ProbeRequest {
  readonly module: string;
  readonly target: string;
  readonly hostname?: string;
  /** What the scrape grants, in seconds; NaN where it could not be read. */
  readonly timeoutSeconds: number;
  /** Unix milliseconds at which the request came in; time spent waiting for a thread counts against the timeout. */
  readonly receivedAt: number;
}

/** Runs probes, wherever that is. */
export interface Runner {
  /** Never rejects. The signal says that nobody waits for the answer any more. */
  run(request: ProbeRequest, signal: AbortSignal): Promise<Report>;
}
