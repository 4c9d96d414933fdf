import type { Measurement } from "./measurement.ts";
import type { Outcome, Phase } from "./outcome.ts";
import type { Subject } from "./reachable.ts";

export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One line that a probe wrote; `fields` hold no secret. `time` is Unix milliseconds. */
export interface LogLine {
  readonly time: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}

/** What a probe returns, always: plain data that survives `structuredClone`. */
export interface Report {
  readonly module: string;
  readonly subject: Subject;
  /** As asked for, with the password of a URL replaced. */
  readonly target: string;
  readonly outcome: Outcome;
  /** For a person: what happened, in one sentence; empty on success. */
  readonly detail: string;
  /** The status of the final HTTP response, where there was one. */
  readonly httpStatus: number | undefined;
  /** Unix milliseconds at which the probe started. */
  readonly startedAt: number;
  readonly durationSeconds: number;
  /** What the probe was given; 0 where none could be computed. */
  readonly timeoutSeconds: number;
  /** Seconds spent in each phase that was entered, in order of entry. */
  readonly phases: readonly { readonly phase: Phase; readonly seconds: number }[];
  readonly measurements: readonly Measurement[];
  readonly log: readonly LogLine[];
  /** Whether the asker hung up before the end: such a probe says nothing about its target. */
  readonly cancelled: boolean;
}
