import type { Outcome } from "./outcome.ts";

/** How a server that sends reports stands. */
export interface ServerStatus {
  readonly server: string;
  readonly outcome: Outcome;
  /** Unix milliseconds; undefined where nothing was ever reported. */
  readonly reportedAt: number | undefined;
}
