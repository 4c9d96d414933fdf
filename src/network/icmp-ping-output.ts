import type { EchoRefusal } from "./icmp.ts";

/** What `ping` told, as far as it is understood. */
export interface PingOutput {
  /** From its summary; undefined where it wrote none. */
  readonly sent: number | undefined;
  /** In the order of arrival. */
  readonly replies: readonly PingReply[];
  readonly duplicates: number;
  readonly refusal: EchoRefusal | undefined;
}

interface PingReply {
  /** As the program counts: from 0 or from 1. */
  readonly sequence: number;
  readonly roundTripSeconds: number | undefined;
  readonly hopLimit: number | undefined;
}

/**
 * Reads what `ping` of iputils or of BusyBox writes in the C locale:
 * `36 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.028 ms` or `36 bytes from 127.0.0.1: seq=0 ttl=64 time=0.089 ms`,
 * perhaps with `(DUP!)`; `From 192.0.2.1 icmp_seq=1 Destination Host Unreachable`; and the summary.
 */
export function parsePingOutput(text: string): PingOutput {
  const replies = new Map<number, PingReply>();
  let sent: number | undefined;
  let duplicates = 0;
  let refusal: EchoRefusal | undefined;
  for (const line of text.split("\n")) {
    const reply = parseReply(line);
    if (reply !== undefined && replies.has(reply.sequence)) duplicates += 1;
    else if (reply !== undefined) replies.set(reply.sequence, reply);
    sent = parseSummary(line) ?? sent;
    refusal = parseRefusal(line) ?? refusal;
  }
  return { sent, replies: [...replies.values()], duplicates, refusal };
}

const REPLY =
  /^\d{1,6} bytes from [^ ].*?: (?:icmp_)?seq=(\d{1,5})(?: ttl=(\d{1,3}))?(?: time=(\d{1,9}(?:\.\d{1,9})?) ms)?/u;

function parseReply(line: string): PingReply | undefined {
  const [, sequence, hopLimit, milliseconds] = REPLY.exec(line) ?? [];
  if (sequence === undefined) return undefined;
  return {
    sequence: Number(sequence),
    roundTripSeconds: milliseconds === undefined ? undefined : Number(milliseconds) / 1000,
    hopLimit: hopLimit === undefined ? undefined : Number(hopLimit),
  };
}

const SUMMARY = /^(\d{1,6}) packets transmitted, (?:\d{1,6}) (?:packets )?received/u;

function parseSummary(line: string): number | undefined {
  const sent = SUMMARY.exec(line)?.[1];
  return sent === undefined ? undefined : Number(sent);
}

const REFUSAL = /^From ([^ ]{1,100}) .*?icmp_seq=\d{1,5} (.{1,200})$/u;

function parseRefusal(line: string): EchoRefusal | undefined {
  const [, from, said] = REFUSAL.exec(line.trimEnd()) ?? [];
  const kind = said === undefined ? undefined : KINDS.find(([words]) => words.test(said))?.[1];
  return kind && { kind, detail: `${from} says: ${said}` };
}

const KINDS: readonly (readonly [RegExp, EchoRefusal["kind"]])[] = [
  [/Frag needed|Packet too big|message too long/iu, "too-big"],
  [/Time (?:to live )?exceeded: ?Hop|Time to live exceeded/iu, "hop-limit-exceeded"],
  [/unreachable|prohibited|filtered|no route|unknown/iu, "unreachable"],
];
