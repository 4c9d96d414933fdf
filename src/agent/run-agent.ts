import type { LogLevel } from "../outcome/report.ts";
import type { ServerReport } from "./collect-report.ts";
import type { Delivery } from "./send-report.ts";

export interface AgentOptions {
  readonly collect: () => Promise<ServerReport>;
  readonly send: (report: ServerReport) => Promise<Delivery>;
  /** Seconds from one report to the next. */
  readonly intervalSeconds: number;
  /** `once`: one report, and then the end. */
  readonly mode: "once" | "always";
  /** Aborts when the agent is to end. */
  readonly signal: AbortSignal;
  /** Seconds of a clock that never goes back. */
  readonly now: () => number;
  /** Ends after so many seconds; rejects when the signal aborts. */
  readonly sleep: (seconds: number, signal: AbortSignal) => Promise<void>;
  /** From 0 up to 1: so that a thousand agents do not come back all at once. */
  readonly random: () => number;
  readonly log: (level: LogLevel, message: string, fields?: Readonly<Record<string, string | number>>) => void;
}

/** The first wait after a failure, and the longest: twice the one before each time. */
const FIRST_WAIT_SECONDS = 1;
const LONGEST_WAIT_SECONDS = 60;

/** How long a single report is tried for, where there is no next one. */
const ONCE_SECONDS = 60;

/** Sends reports until the signal aborts, or one. Yields whether the last of them was taken, as an exit code. */
export async function runAgent(options: AgentOptions): Promise<0 | 1> {
  const { signal, now, mode, intervalSeconds } = options;
  let wasTaken = false;
  try {
    for (let due = now(); !signal.aborted; due = Math.max(due + intervalSeconds, now())) {
      await waitUntil(due, options);
      const next = due + (mode === "once" ? ONCE_SECONDS : intervalSeconds);
      wasTaken = await deliver({ until: next, wasTaken, options });
      if (mode === "once") break;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return wasTaken ? 0 : 1;
}

async function waitUntil(due: number, { now, sleep, signal }: AgentOptions): Promise<void> {
  const seconds = due - now();
  if (seconds > 0) await sleep(seconds, signal);
}

/** Sends one report, again and again while the exporter is not there and the next is not due. */
async function deliver(given: {
  readonly until: number;
  readonly wasTaken: boolean;
  readonly options: AgentOptions;
}): Promise<boolean> {
  const { until, wasTaken, options } = given;
  const { collect, send, now, sleep, signal, random, log } = options;
  const report = await collect();
  for (let wait = FIRST_WAIT_SECONDS; ; wait = Math.min(2 * wait, LONGEST_WAIT_SECONDS)) {
    const delivery = await send(report);
    if (delivery.kind === "taken") {
      log(wasTaken ? "debug" : "info", "The report was taken");
      return true;
    }
    const pause = wait * (1 + random()) * 0.5;
    const isLast = delivery.kind === "refused" || now() + pause >= until;
    log(isLast ? "error" : "warn", `The report was not taken`, { why: delivery.detail, again: isLast ? "no" : "yes" });
    if (isLast) return false;
    await sleep(pause, signal);
  }
}
