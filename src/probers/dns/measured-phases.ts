import type { Phase } from "../../outcome/outcome.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import type { ProbeContext } from "../../probe/prober.ts";
import { takeTime } from "../../probe/take-time.ts";
import type { During } from "./transport.ts";

/** The phases of blackbox_exporter's metric; all are 0 until something is measured. */
const METRIC_PHASES = ["resolve", "connect", "request"] as const;
type MetricPhase = (typeof METRIC_PHASES)[number];

/** A `during` that measures `probe_dns_duration_seconds` as it goes; a phase that comes again adds up. */
export function measuredPhases(context: ProbeContext): During {
  const seconds = new Map<MetricPhase, number>();
  for (const phase of METRIC_PHASES) add(phase, 0);

  function add(phase: MetricPhase, more: number): void {
    const sum = (seconds.get(phase) ?? 0) + more;
    seconds.set(phase, sum);
    context.measure("probe_dns_duration_seconds", sum, { phase });
  }

  return async (phase, work) => {
    const note = (more: number): void => add(METRIC_PHASE_OF[phase] ?? "request", more);
    try {
      return await takeTime(() => context.during(phase, work), { context, note });
    } catch (error) {
      throw inWordsOfDns(error);
    }
  };
}

const METRIC_PHASE_OF: Readonly<Partial<Record<Phase, MetricPhase>>> = {
  resolve: "resolve",
  connect: "connect",
  tls: "connect",
};

/** A server that hangs up without a reply has not replied: DNS has no other word for it. */
function inWordsOfDns(error: unknown): unknown {
  const isSilence =
    error instanceof ProbeFailure && (error.outcome === "exchange/closed" || error.outcome === "exchange/timeout");
  return isSilence ? new ProbeFailure("exchange/no-reply", { detail: error.detail, cause: error }) : error;
}
