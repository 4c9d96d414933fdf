import type { ByteReader } from "../network/byte-reader.ts";
import { ProbeFailure } from "../outcome/probe-failure.ts";
import type { ConversationStep, Expectation } from "../settings/query-response.ts";
import type { Captures } from "../settings/regular-expression.ts";
import { printable } from "./printable.ts";

/** What one step of a conversation works with. */
export interface Listening {
  readonly reader: ByteReader;
  readonly step: ConversationStep;
  /** The beginning of a reply as it may be shown. */
  readonly show: (reply: Uint8Array) => string;
  /** Told what was at fault, before the failure is thrown. */
  readonly blame: (cause: "regex" | "bytes") => void;
  /** Told what is waited for, and what of it has come, before each wait. */
  readonly onWait: (awaited: string) => void;
  /** Told how long the peer had said nothing when its reply was taken to be over. */
  readonly onQuiet: (seconds: number) => void;
}

/**
 * Reads until the step's expectation is met and takes what it read, up to the end of the match; yields what an
 * expression captured. Throws `ProbeFailure`: `content/missing` where something else came, `content/forbidden`,
 * `exchange/closed` where the peer ended the connection without a word, `exchange/malformed` for an endless line.
 */
export async function meetExpectation(listening: Listening): Promise<Captures | undefined> {
  const { step } = listening;
  if (step.expectation?.kind === "line") return awaitLine(step.expectation, listening);
  if (step.expectation?.kind === "bytes") return awaitBytes(step.expectation, listening);
  if (step.forbidden.length > 0) return awaitWholeReply(listening);
  return step.expectation === undefined ? undefined : awaitParts(step.expectation, listening);
}

type Of<K extends Expectation["kind"]> = Extract<Expectation, { readonly kind: K }>;

/** As blackbox_exporter, which refuses longer lines as well. */
const LONGEST_LINE_BYTES = 64 * 1024;

/** No greeting or reply that a probe waits for is this large: whoever sends more has no end. */
const MOST_REPLY_BYTES = 1024 * 1024;

/** A whole reply without an end that is known beforehand is over when the peer has been quiet for so long. */
const QUIET_SECONDS = 0.25;

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** Lines that do not match are skipped; a last line needs no end. */
async function awaitLine({ pattern }: Of<"line">, listening: Listening): Promise<Captures> {
  const { reader } = listening;
  const expected = `a line that matches ${JSON.stringify(pattern.source)}`;
  for (let start = 0, isOver = false; ; ) {
    const { held } = reader;
    for (let end = lineEnd(held, { start, isOver }); end !== undefined; end = lineEnd(held, { start, isOver })) {
      refuseForbidden(held.subarray(0, end), { searched: start, listening });
      const captures = pattern.match(lineText(held.subarray(start, end)));
      if (captures !== undefined) {
        reader.take(end);
        return captures;
      }
      start = end;
    }
    if (isOver) throw unmet(expected, listening);
    if (start >= MOST_REPLY_BYTES) throw missing(expected, listening);
    isOver = !(await more(expected, listening));
  }
}

/** Where the line that starts here ends, its line feed included; undefined where its end has not come yet. */
function lineEnd(
  held: Buffer,
  { start, isOver }: { readonly start: number; readonly isOver: boolean },
): number | undefined {
  const found = held.indexOf(LINE_FEED, start) + 1;
  const end = found > 0 ? found : held.length;
  if (end - start > LONGEST_LINE_BYTES) {
    throw new ProbeFailure("exchange/malformed", {
      detail: `Expected lines of at most ${LONGEST_LINE_BYTES} bytes, found a longer one`,
    });
  }
  return found > 0 || (isOver && end > start) ? end : undefined;
}

/** Without its line feed and one carriage return before it. */
function lineText(line: Buffer): string {
  const content = line.at(-1) === LINE_FEED ? line.subarray(0, -1) : line;
  return (content.at(-1) === CARRIAGE_RETURN ? content.subarray(0, -1) : content).toString();
}

/** Fails at the first byte that differs rather than wait for the rest. */
async function awaitBytes({ bytes }: Of<"bytes">, listening: Listening): Promise<undefined> {
  const { reader } = listening;
  const expected = `the bytes ${quoted(bytes)}`;
  for (;;) {
    const start = reader.held.subarray(0, bytes.length);
    if (!start.equals(bytes.subarray(0, start.length))) throw missing(expected, listening);
    if (start.length === bytes.length) break;
    if (!(await more(expected, listening))) throw unmet(expected, listening);
  }
  reader.take(bytes.length);
}

async function awaitParts({ parts }: Of<"content">, listening: Listening): Promise<undefined> {
  const { reader } = listening;
  const ends = new Map<Uint8Array, number>();
  for (let searched = 0; ; ) {
    for (const part of parts) {
      const end = ends.get(part) ?? endOf(part, { bytes: reader.held, searched });
      if (end !== undefined) ends.set(part, end);
    }
    if (ends.size === parts.length) break;
    searched = reader.held.length;
    const expected = quoted(parts.find((part) => !ends.has(part)) ?? new Uint8Array());
    if (searched >= MOST_REPLY_BYTES) throw missing(expected, listening);
    if (!(await more(expected, listening))) throw unmet(expected, listening);
  }
  reader.take(Math.max(...ends.values()));
}

/** What must not come may come last, so the reply is read to its end: until the peer closes or falls silent. */
async function awaitWholeReply(listening: Listening): Promise<undefined> {
  const { reader, step } = listening;
  const parts = step.expectation?.kind === "content" ? step.expectation.parts : [];
  const absent = new Set(parts);
  for (let searched = 0; ; ) {
    refuseForbidden(reader.held, { searched, listening });
    for (const part of absent) {
      if (endOf(part, { bytes: reader.held, searched }) !== undefined) absent.delete(part);
    }
    searched = reader.held.length;
    if (searched >= MOST_REPLY_BYTES) break;
    const isEnough = searched > 0 && absent.size === 0;
    const [lacking] = absent;
    const expected = lacking === undefined ? "a reply" : quoted(lacking);
    if (!(await (isEnough ? moreUnlessQuiet(listening) : more(expected, listening)))) break;
  }
  const [lacking] = absent;
  if (reader.held.length === 0) throw unmet("a reply", listening);
  if (lacking !== undefined) throw missing(quoted(lacking), listening);
  reader.take(reader.held.length);
}

/** Waits for more, which may be until the deadline: what that says then is noted beforehand. */
function more(expected: string, { reader, show, onWait }: Listening): Promise<boolean> {
  const found = reader.held.length === 0 ? "" : `, found ${JSON.stringify(show(reader.held))}`;
  onWait(`${expected}${found}`);
  return reader.more();
}

async function moreUnlessQuiet({ reader, onQuiet, onWait }: Listening): Promise<boolean> {
  onWait("the end of the reply, to be sure of what is not in it");
  const next = await reader.moreWithin(QUIET_SECONDS);
  if (next === "nothing") onQuiet(QUIET_SECONDS);
  return next === "more";
}

/** Where the part ends that begins within the new bytes, or before them and ends in them. */
function endOf(
  part: Uint8Array,
  { bytes, searched }: { readonly bytes: Buffer; readonly searched: number },
): number | undefined {
  const at = bytes.indexOf(part, Math.max(0, searched - part.length + 1));
  return at < 0 ? undefined : at + part.length;
}

function refuseForbidden(
  bytes: Buffer,
  { searched, listening }: { readonly searched: number; readonly listening: Listening },
): void {
  if (listening.step.forbidden.length === 0) return;
  const found = listening.step.forbidden.find((part) => endOf(part, { bytes, searched }) !== undefined);
  if (found === undefined) return;
  listening.blame("bytes");
  throw new ProbeFailure("content/forbidden", { detail: `The reply holds ${quoted(found)}, which is forbidden` });
}

/** The peer has ended the connection: with nothing said it hung up, otherwise it said something else. */
function unmet(expected: string, listening: Listening): ProbeFailure {
  if (listening.reader.held.length > 0) return missing(expected, listening);
  blameExpectation(listening);
  return new ProbeFailure("exchange/closed", { detail: `Expected ${expected}, but the peer closed the connection` });
}

function missing(expected: string, listening: Listening): ProbeFailure {
  blameExpectation(listening);
  const found = JSON.stringify(listening.show(listening.reader.held));
  return new ProbeFailure("content/missing", { detail: `Expected ${expected}, found ${found}` });
}

function blameExpectation({ step, blame }: Listening): void {
  blame(step.expectation?.kind === "line" ? "regex" : "bytes");
}

function quoted(content: Uint8Array): string {
  return JSON.stringify(printable(content));
}
