import { type DatagramChannel, openDatagram } from "../../network/datagram.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { concealSent } from "../../probe/conceal-sent.ts";
import { readHostAndPort } from "../../probe/host-and-port.ts";
import { printable } from "../../probe/printable.ts";
import { defineProber, type ProbeContext } from "../../probe/prober.ts";
import { reach } from "../../probe/reach.ts";
import { judgeReply, type Verdict } from "./judge-reply.ts";
import { type UdpSettings, udpSettings } from "./settings.ts";

/**
 * UDP: one datagram, and the reply to it. A deadline without a reply is `exchange/no-reply`; in phase `content` a reply
 * has come, but not the right one.
 */
export const udp = defineProber({
  protocol: "udp",
  timeouts: { connect: "exchange/no-reply", exchange: "exchange/no-reply", content: "content/missing" },
  settings: udpSettings,
  probe: probeUdp,
});

async function probeUdp(target: string, settings: UdpSettings, context: ProbeContext): Promise<void> {
  const { host, port } = readHostAndPort(target);
  const { sourceAddress } = settings.family;
  const { ip, family } = await reach(host, settings.family, context);
  const destination = { ip, family, port, sourceAddress };
  await using channel = await context.during("connect", () => openDatagram(destination, context));
  await context.during("exchange", async () => {
    const sentAt = context.elapsedSeconds();
    await channel.send(settings.request);
    if (settings.reply === "none") await awaitRefusal(channel, context);
    else await awaitGoodReply(channel, { settings, context, sentAt });
  });
}

/** Waiting for bad news is no part of the target's response time. */
async function awaitRefusal(channel: DatagramChannel, context: ProbeContext): Promise<void> {
  context.noteResponseTime(context.elapsedSeconds());
  await channel.receiveWithin(graceSeconds(context));
}

/** Word of a closed port takes a round trip; within a continent, or to the next, that is less than this. */
const GRACE_SECONDS = 0.25;

/** A probe in a hurry waits for no more than half of the time that it has left. */
function graceSeconds(context: ProbeContext): number {
  return Math.min(GRACE_SECONDS, context.secondsLeft() / 2);
}

interface Waiting {
  readonly settings: UdpSettings;
  readonly context: ProbeContext;
  /** By the probe's own clock. */
  readonly sentAt: number;
}

/** A target that answers so often without ever answering right will not; the right answer may follow a late old one. */
const MOST_REPLIES = 100;

/** Any answer may be the wrong one, so the right one is waited for until shortly before the deadline. */
async function awaitGoodReply(channel: DatagramChannel, waiting: Waiting): Promise<void> {
  const { settings, context } = waiting;
  context.measure("probe_failed_due_to_regex", 0);
  context.measure("probe_failed_due_to_bytes", 0);
  let reply = await channel.receive();
  for (let replies = 1; ; replies += 1) {
    measure(reply, { replies, waiting });
    const verdict = verdictOn(reply, waiting);
    if (verdict.kind === "good") return;
    const failure = failureOf(verdict, { reply, settings });
    if (verdict.kind === "forbidden" || replies >= MOST_REPLIES) throw failure;
    context.log("warn", "Reply is not the expected one", { reply: replies, detail: failure.detail });
    const next = await context.during("content", () => channel.receiveWithin(patienceSeconds(context)));
    if (next === undefined) throw failure;
    reply = next;
  }
}

/** Leaves time to say what came instead; should even that run out, the deadline in phase `content` says the same. */
function patienceSeconds(context: ProbeContext): number {
  return context.secondsLeft() * 0.95;
}

function measure(
  reply: Uint8Array,
  { replies, waiting }: { readonly replies: number; readonly waiting: Waiting },
): void {
  const { context, sentAt } = waiting;
  context.measure("probe_udp_replies", replies);
  context.measure("probe_udp_reply_bytes", reply.length);
  context.measure("probe_udp_reply_time_seconds", context.elapsedSeconds() - sentAt);
}

function verdictOn(reply: Uint8Array, { settings, context }: Waiting): Verdict {
  if (reply.length === 0) throw new ProbeFailure("exchange/malformed", { detail: "The reply is an empty datagram" });
  const verdict = judgeReply(reply, settings.checks);
  context.measure("probe_failed_due_to_regex", verdict.kind === "unmatched" ? 1 : 0);
  context.measure("probe_failed_due_to_bytes", verdict.kind === "forbidden" || verdict.kind === "lacking" ? 1 : 0);
  return verdict;
}

function failureOf(
  verdict: Exclude<Verdict, { readonly kind: "good" }>,
  { reply, settings }: { readonly reply: Uint8Array; readonly settings: UdpSettings },
): ProbeFailure {
  if (verdict.kind === "forbidden") {
    const part = JSON.stringify(printable(verdict.part));
    return new ProbeFailure("content/forbidden", { detail: `The reply holds ${part}, which is forbidden` });
  }
  const text = concealSent(Buffer.from(reply).toString("latin1"), [Buffer.from(settings.request).toString("latin1")]);
  const found = JSON.stringify(printable(text));
  const wanted =
    verdict.kind === "lacking"
      ? JSON.stringify(printable(verdict.part))
      : `a match of ${JSON.stringify(verdict.source)}`;
  return new ProbeFailure("content/missing", { detail: `Expected ${wanted}, found ${found}` });
}
