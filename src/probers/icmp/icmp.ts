import type { EchoPlan, EchoTally } from "../../network/icmp.ts";
import type { Address } from "../../network/resolve.ts";
import { defineProber, type ProbeContext } from "../../probe/prober.ts";
import { reach } from "../../probe/reach.ts";
import { takeTime } from "../../probe/take-time.ts";
import { judge, lossRatio } from "./judge.ts";
import { fitSchedule } from "./schedule.ts";
import { type IcmpSettings, icmpSettings } from "./settings.ts";
import { summarise } from "./statistics.ts";
import { readHost } from "./target.ts";

/**
 * ICMP: one or more echo requests, and how many of them are answered how quickly. The probe ends by itself before its
 * deadline, with what has come in by then.
 */
export const icmp = defineProber({
  protocol: "icmp",
  timeouts: { connect: "local/no-socket", exchange: "exchange/no-reply" },
  settings: icmpSettings,
  probe: probeIcmp,
});

async function probeIcmp(target: string, settings: IcmpSettings, context: ProbeContext): Promise<void> {
  const took = durations(context);
  const host = readHost(target);
  const address = await took("resolve", () => reach(host, settings.family, context));
  const plan = planOf(address, { settings, context });
  const run = await took("setup", () => context.during("connect", () => context.network.icmp.start(plan, context)));
  const tally = await context.during("exchange", () => run.finished());
  measure(tally, context);
  const failure = judge(tally, settings);
  if (failure !== undefined) throw failure;
}

/** As in blackbox_exporter, every phase is there from the start, and 0 until it is over. */
function durations(context: ProbeContext): <T>(phase: "resolve" | "setup", work: () => Promise<T>) => Promise<T> {
  for (const phase of ["resolve", "setup", "rtt"]) context.measure("probe_icmp_duration_seconds", 0, { phase });
  return (phase, work) => {
    const note = (seconds: number): void => context.measure("probe_icmp_duration_seconds", seconds, { phase });
    return takeTime(work, { context, note });
  };
}

function planOf(
  { ip, family }: Address,
  { settings, context }: { readonly settings: IcmpSettings; readonly context: ProbeContext },
): EchoPlan {
  const { payloadBytes, dontFragment, hopLimit, typeOfService, packets } = settings;
  const schedule = fitSchedule(settings, { secondsLeft: context.secondsLeft() });
  context.log("debug", "Sending echo requests", {
    packets,
    interval_seconds: schedule.intervalSeconds,
    packet_timeout_seconds: schedule.packetTimeoutSeconds,
  });
  const { sourceAddress } = settings.family;
  return { ip, family, sourceAddress, payloadBytes, dontFragment, hopLimit, typeOfService, packets, ...schedule };
}

/** What nobody answered has no round trip, rather than one of 0. */
function measure(tally: EchoTally, context: ProbeContext): void {
  const { sent, replies, duplicates, malformed } = tally;
  context.measure("probe_icmp_packets_sent", sent);
  context.measure("probe_icmp_packets_received", replies.length);
  context.measure("probe_icmp_packets_duplicate", duplicates);
  context.measure("probe_icmp_packets_malformed", malformed);
  context.measure("probe_icmp_loss_ratio", lossRatio(tally));
  const hopLimit = replies.findLast((reply) => reply.hopLimit !== undefined)?.hopLimit;
  if (hopLimit !== undefined) context.measure("probe_icmp_reply_hop_limit", hopLimit);
  measureRoundTrips(tally, context);
}

function measureRoundTrips({ replies }: EchoTally, context: ProbeContext): void {
  const statistics = summarise(replies.flatMap(({ roundTripSeconds }) => roundTripSeconds ?? []));
  if (statistics === undefined) return;
  const { minimum, average, maximum, standardDeviation, jitter } = statistics;
  context.noteResponseTime(average);
  context.measure("probe_icmp_duration_seconds", average, { phase: "rtt" });
  context.measure("probe_icmp_rtt_seconds", minimum, { statistic: "min" });
  context.measure("probe_icmp_rtt_seconds", average, { statistic: "avg" });
  context.measure("probe_icmp_rtt_seconds", maximum, { statistic: "max" });
  if (standardDeviation !== undefined) {
    context.measure("probe_icmp_rtt_seconds", standardDeviation, { statistic: "stddev" });
  }
  if (jitter !== undefined) context.measure("probe_icmp_jitter_seconds", jitter);
}
