import { isIP } from "node:net";
import { ProbeFailure } from "../outcome/probe-failure.ts";
import { startDeadline } from "./deadline.ts";
import type { EchoPlan, EchoReply, EchoRun, EchoTally } from "./icmp.ts";
import { type PingOutput, parsePingOutput } from "./icmp-ping-output.ts";
import { NOT_PERMITTED, type PingProgram, type ProgramOutput, runProgram } from "./icmp-ping-program.ts";

/** Has the `ping` program carry out a plan. Throws `ProbeFailure` where the program cannot do what the plan asks. */
export function startPingRun(
  plan: EchoPlan,
  { program, signal }: { readonly program: PingProgram; readonly signal: AbortSignal },
): EchoRun {
  const running = runProgram(program.command, { arguments: pingArguments(plan, program), signal });
  return {
    async finished() {
      using patience = startDeadline({ seconds: longestSeconds(plan), signal });
      patience.signal.addEventListener("abort", running.interrupt, { once: true });
      const ended = await running.ended;
      signal.throwIfAborted();
      return tallyOf(ended, plan);
    },
  };
}

/** The program's own flags for a plan; every value is a number or an IP address. */
export function pingArguments(plan: EchoPlan, { flavour }: PingProgram): readonly string[] {
  const { ip, sourceAddress, hopLimit, typeOfService, dontFragment } = plan;
  for (const address of [ip, sourceAddress]) {
    if (address !== undefined && isIP(address) === 0) throw new TypeError(`Expected an IP address, found ${address}`);
  }
  if (flavour === "busybox" && (typeOfService !== undefined || dontFragment)) {
    throw new ProbeFailure("local/no-socket", {
      detail: "BusyBox's ping, which is all this host offers, can set neither tos nor dont_fragment",
    });
  }
  return [
    ...(flavour === "iputils" ? ["-n"] : []),
    "-c",
    String(plan.packets),
    "-i",
    seconds(plan.intervalSeconds),
    "-s",
    String(plan.payloadBytes),
    // In whole seconds, for not every version takes fractions; later replies are sorted out afterwards.
    "-W",
    String(Math.max(1, Math.ceil(plan.packetTimeoutSeconds))),
    ...(hopLimit === undefined ? [] : ["-t", String(hopLimit)]),
    ...(sourceAddress === undefined ? [] : ["-I", sourceAddress]),
    ...(typeOfService === undefined ? [] : ["-Q", String(typeOfService)]),
    ...(dontFragment ? ["-M", "do"] : []),
    ip,
  ];
}

/** Older versions round what is finer than a millisecond down to no pause at all. */
function seconds(value: number): string {
  return Math.max(0.002, value).toFixed(3);
}

/** The time that the packets take at most; a program that is still there then is asked to sum up. */
function longestSeconds({ packets, intervalSeconds, packetTimeoutSeconds }: EchoPlan): number {
  return (packets - 1) * intervalSeconds + packetTimeoutSeconds;
}

/** What a program's output says of a plan; throws `ProbeFailure` where it says that nothing could be sent, or nothing. */
function tallyOf(ended: ProgramOutput, plan: EchoPlan): EchoTally {
  const parsed = parsePingOutput(ended.output);
  if (parsed.sent === undefined && parsed.replies.length === 0) throw complaintOf(ended);
  return {
    sent: parsed.sent ?? plan.packets,
    replies: repliesOf(parsed, plan),
    duplicates: parsed.duplicates,
    malformed: 0,
    refusal: parsed.refusal ?? refusalOf(ended.errors),
  };
}

/** Both programs count up from their first packet, but one from 1 and the other from 0. */
function repliesOf({ replies, sent }: PingOutput, { packets, packetTimeoutSeconds }: EchoPlan): readonly EchoReply[] {
  const isFromZero = replies.some(({ sequence }) => sequence === 0);
  const count = Math.min(packets, sent ?? packets);
  return replies
    .map(({ sequence, ...reply }) => ({ packet: isFromZero ? sequence : sequence - 1, ...reply }))
    .filter(({ packet, roundTripSeconds = 0 }) => packet < count && roundTripSeconds <= packetTimeoutSeconds)
    .toSorted((one, other) => one.packet - other.packet);
}

const TOO_LONG = /message too long/iu;

function refusalOf(errors: string): EchoTally["refusal"] {
  return TOO_LONG.test(errors) ? { kind: "too-big", detail: "this host says: message too long" } : undefined;
}

/** What to make of a program that ended without a summary. */
function complaintOf({ output, errors, signal, isCutOff, failure }: ProgramOutput): ProbeFailure {
  if (failure !== undefined) {
    return new ProbeFailure("local/no-socket", {
      detail: `Cannot run the ping program: ${failure.message}`,
      cause: failure,
    });
  }
  const said = errors.trim().split("\n")[0] ?? "";
  const complaint = COMPLAINTS.find(({ words }) => words.test(errors));
  if (complaint !== undefined) return new ProbeFailure(complaint.outcome, { detail: `The ping program says: ${said}` });
  if (signal !== null && !isCutOff) {
    return new ProbeFailure("local/no-socket", { detail: `The ping program was ended by ${signal}` });
  }
  const found = JSON.stringify((said === "" ? output : said).slice(0, 200));
  return new ProbeFailure("exchange/malformed", { detail: `Cannot understand the ping program, which says ${found}` });
}

const COMPLAINTS = [
  { words: /unreachable|no route|network is down|do you want to ping broadcast/iu, outcome: "connect/unreachable" },
  { words: NOT_PERMITTED, outcome: "local/no-socket" },
  {
    words: /address family|cannot assign|bind|source interface|minimal interval|invalid|unrecognized/iu,
    outcome: "local/no-socket",
  },
] as const;
