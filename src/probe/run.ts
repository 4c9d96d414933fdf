import { type Deadline, startDeadline } from "../network/deadline.ts";
import type { Network } from "../network/network.ts";
import { canEndAs } from "../outcome/can-end-as.ts";
import { type Failure, isSuccess, type Outcome, type Phase } from "../outcome/outcome.ts";
import { ProbeFailure } from "../outcome/probe-failure.ts";
import type { Subject } from "../outcome/reachable.ts";
import type { Report } from "../outcome/report.ts";
import { concealUrlPassword } from "./conceal-url-password.ts";
import type { Module, ProbeContext } from "./prober.ts";
import { Recorder } from "./recorder.ts";
import type { Services } from "./services.ts";

/** What one run needs: everything that varies between two probes of the same exporter. */
export interface RunOptions {
  /** Undefined where the configuration has no module of that name. */
  readonly module: Module | undefined;
  readonly moduleName: string;
  readonly target: string;
  readonly hostname: string | undefined;
  /** What the scrape grants; NaN where it could not be computed. */
  readonly timeoutSeconds: number;
  /** How much of it was spent before the probe could start. */
  readonly waitedSeconds: number;
  readonly network: Network;
  readonly services: Services;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

interface Ending {
  readonly outcome: Outcome;
  readonly detail: string;
}

/** Runs one probe to its report. The only place where failures end; never rejects, and answers by the deadline. */
export async function run(options: RunOptions): Promise<Report> {
  const recorder = new Recorder();
  using deadline = startDeadline({ seconds: secondsLeft(options), signal: options.signal });
  const ending = refuse(options) ?? (await attempt(options, { recorder, deadline }));
  const subject = ending.outcome === "request/unknown-prober" ? "any" : subjectOf(options);
  const { outcome, detail } = documented(ending, { subject, recorder });
  const durationSeconds = recorder.elapsedSeconds();
  recorder.conclude(isSuccess(outcome) ? "info" : "error", isSuccess(outcome) ? "Probe succeeded" : "Probe failed", {
    outcome,
    ...(detail === "" ? {} : { detail }),
    duration_seconds: durationSeconds,
  });
  return {
    module: options.moduleName,
    subject,
    target: concealUrlPassword(options.target),
    outcome,
    detail,
    httpStatus: recorder.httpStatus,
    startedAt: recorder.startedAt,
    durationSeconds,
    timeoutSeconds: usableSeconds(options.timeoutSeconds),
    phases: recorder.phases(),
    measurements: recorder.measurements(),
    log: [...recorder.log],
    cancelled: deadline.cancelled,
  };
}

/** What is wrong with the request itself, before any traffic. */
function refuse(options: RunOptions): Ending | undefined {
  const { module, moduleName, target, timeoutSeconds } = options;
  if (module === undefined) {
    return { outcome: "request/unknown-prober", detail: `Unknown module ${JSON.stringify(moduleName.slice(0, 100))}` };
  }
  if (target === "") return { outcome: "request/target-missing", detail: "Target parameter is missing" };
  if (Number.isNaN(timeoutSeconds)) {
    return { outcome: "deadline/no-time-left", detail: "The scrape's timeout is not a number" };
  }
  if (secondsLeft(options) <= 0) {
    const detail = `The scrape's timeout leaves no time for the probe (${timeoutSeconds} s, of which it waited ${options.waitedSeconds} s)`;
    return { outcome: "deadline/no-time-left", detail };
  }
  return undefined;
}

async function attempt(
  options: RunOptions,
  { recorder, deadline }: { readonly recorder: Recorder; readonly deadline: Deadline },
): Promise<Ending> {
  const { module } = options;
  if (module === undefined) throw new TypeError("A probe without a module was not refused");
  recorder.write("debug", "Probe started", { timeout_seconds: options.timeoutSeconds });
  try {
    const probe = module.probe(options.target, contextOf(module, options, { recorder, signal: deadline.signal }));
    await untilAborted(probe, deadline.signal);
    return tooSlow(module, recorder) ?? { outcome: "success", detail: "" };
  } catch (error) {
    if (deadline.signal.aborted) return overdue(module, { recorder, cancelled: deadline.cancelled });
    const failure = error instanceof ProbeFailure ? error : defect(error);
    if (failure.outcome === "local/defect") explain(failure, recorder);
    return { outcome: failure.outcome, detail: failure.detail };
  }
}

function contextOf(
  module: Module,
  options: RunOptions,
  { recorder, signal }: { readonly recorder: Recorder; readonly signal: AbortSignal },
): ProbeContext {
  return {
    module,
    hostname: options.hostname,
    network: options.network,
    services: options.services,
    signal,
    during: (phase, work) => recorder.during(phase, work),
    measure: (name, value, labels) => recorder.measure(name, value, labels),
    withdraw: (names) => recorder.withdraw(names),
    noteHttpStatus: (status) => {
      recorder.httpStatus = status;
    },
    noteResponseTime: (seconds) => {
      recorder.responseSeconds = seconds;
    },
    noteWait: (what) => {
      recorder.awaited = what;
    },
    secondsLeft: () => Math.max(0, secondsLeft(options) - recorder.elapsedSeconds()),
    elapsedSeconds: () => recorder.elapsedSeconds(),
    log: (level, message, fields) => recorder.write(level, message, fields ?? {}),
  };
}

/**
 * The probe's end or the deadline, whichever comes first: a step that overlooks the signal must not hold the answer
 * back. What the probe throws after the deadline belongs to nobody; its handler here keeps it from being unhandled.
 */
function untilAborted(probe: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new ProbeFailure("deadline/no-time-left", { detail: "The deadline passed" }));
    const settle = (): void => signal.removeEventListener("abort", onAbort);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    probe.finally(settle).then(resolve, reject);
  });
}

/** No vendor knows a slow answer of some protocols; for those the limit has no effect, and the configuration warns. */
function tooSlow(module: Module, recorder: Recorder): Ending | undefined {
  const limit = canEndAs(module.protocol, "timing/too-slow") ? module.maxResponseTimeSeconds : undefined;
  const response = recorder.responseSeconds;
  const seconds = response ?? recorder.elapsedSeconds();
  if (limit === undefined || seconds <= limit) return undefined;
  const what = response === undefined ? `took ${seconds.toFixed(3)} s` : `its response took ${seconds.toFixed(6)} s`;
  return {
    outcome: "timing/too-slow",
    detail: `The probe passed but ${what}, more than max_response_time ${limit} s`,
  };
}

/** Whatever a library claims once the deadline has passed: the phase that was running took too long. */
function overdue(
  module: Module,
  { recorder, cancelled }: { readonly recorder: Recorder; readonly cancelled: boolean },
): Ending {
  const phase = recorder.currentPhase() ?? "resolve";
  const why = cancelled ? "The asker hung up" : "The deadline passed";
  const awaited = recorder.awaited === undefined ? "" : `, waiting for ${recorder.awaited}`;
  return {
    outcome: module.timeouts[phase] ?? TIMEOUTS[phase],
    detail: `${why} after ${recorder.elapsedSeconds().toFixed(3)} s in phase ${phase}${awaited}`,
  };
}

/** What a deadline that passes in each phase means; a phase without a timeout of its own borrows its neighbour's. */
const TIMEOUTS: Readonly<Record<Phase, Failure>> = {
  request: "deadline/no-time-left",
  deadline: "deadline/no-time-left",
  policy: "resolve/timeout",
  local: "deadline/no-time-left",
  resolve: "resolve/timeout",
  connect: "connect/timeout",
  tls: "tls/timeout",
  upgrade: "upgrade/timeout",
  login: "exchange/timeout",
  exchange: "exchange/timeout",
  redirect: "exchange/timeout",
  content: "exchange/timeout",
  timing: "exchange/timeout",
  registry: "registry/unavailable",
  domain: "registry/unavailable",
  server: "server/report-missing",
  state: "deadline/no-time-left",
};

/** What a failure counts as where the vendors do not tell the two apart. */
const NEIGHBOURS: Readonly<Partial<Record<Outcome, Failure>>> = { "exchange/send-failed": "exchange/closed" };

/** Holds a probe to the outcomes of its protocol, for which the catalogues have codes; anything else is our fault. */
function documented(
  ending: Ending,
  { subject, recorder }: { readonly subject: Subject; readonly recorder: Recorder },
): Ending {
  if (canEndAs(subject, ending.outcome)) return ending;
  const neighbour = NEIGHBOURS[ending.outcome];
  if (neighbour !== undefined && canEndAs(subject, neighbour)) return { ...ending, outcome: neighbour };
  recorder.conclude("error", "Outcome is not one of the protocol's", { outcome: ending.outcome, protocol: subject });
  return { outcome: "local/defect", detail: `Undocumented ${ending.outcome} of ${subject}: ${ending.detail}` };
}

function defect(error: unknown): ProbeFailure {
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new ProbeFailure("local/defect", { detail, cause: error });
}

/** A defect is ours, so its stack is kept for whoever mends it. */
function explain(failure: ProbeFailure, recorder: Recorder): void {
  const stack = failure.cause instanceof Error ? failure.cause.stack : failure.stack;
  recorder.conclude("error", "Defect of the exporter", { stack: stack ?? "" });
}

function subjectOf({ module }: RunOptions): Subject {
  return module?.protocol ?? "any";
}

function secondsLeft({ timeoutSeconds, waitedSeconds }: RunOptions): number {
  return usableSeconds(timeoutSeconds) - waitedSeconds;
}

function usableSeconds(seconds: number): number {
  return Number.isNaN(seconds) || seconds < 0 ? 0 : seconds;
}
