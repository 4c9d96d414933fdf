import { malformed } from "./malformed.ts";
import { type DnsRecord, readRecord } from "./record.ts";
import { WireReader } from "./wire-reader.ts";

/** What stands before the records of a message (RFC 1035 §4.1.1, §4.1.2). */
export interface MessageHead {
  readonly id: number;
  readonly kind: "query" | "response";
  /** Whether the message did not fit and was cut off. */
  readonly truncated: boolean;
  /** Whether the server vouches for the answer by DNSSEC (RFC 6840 §5.8). */
  readonly authenticatedData: boolean;
  /** The lower four bits of the response code. */
  readonly responseCode: number;
  readonly questions: readonly Question[];
}

/** A question; its name written as in a zone file, in the letters in which it came. */
export interface Question {
  readonly name: string;
  readonly type: number;
  readonly class: number;
}

export const SECTIONS = ["answer", "authority", "additional"] as const;
export type Section = (typeof SECTIONS)[number];

/** A whole message. */
export interface Message extends MessageHead {
  /** With the upper bits, which an OPT record brings (RFC 6891 §6.1.3). */
  readonly responseCode: number;
  readonly extendedErrors: readonly string[];
  readonly sections: Readonly<Record<Section, readonly DnsRecord[]>>;
}

/** The largest message: over a stream, its length takes two bytes (RFC 1035 §4.2.2). */
export const LARGEST_MESSAGE_BYTES = 65_535;

/** Reads as far as the questions; throws `ProbeFailure` `exchange/malformed`. */
export function readMessageHead(bytes: Uint8Array): MessageHead {
  return readHead(new WireReader(bytes)).head;
}

/** Reads a whole message; throws `ProbeFailure` `exchange/malformed`. What follows the last record is not looked at. */
export function readMessage(bytes: Uint8Array): Message {
  const reader = new WireReader(bytes);
  const { head, counts } = readHead(reader);
  // Some servers refuse with nothing but a header, which still counts what they left out.
  const isBare = reader.remaining === 0 && head.responseCode !== 0;
  const sections = {
    answer: readRecords(reader, isBare ? 0 : counts.answer),
    authority: readRecords(reader, isBare ? 0 : counts.authority),
    additional: readRecords(reader, isBare ? 0 : counts.additional),
  };
  const opt = sections.additional.find((record) => record.opt !== undefined)?.opt;
  return {
    ...head,
    responseCode: head.responseCode + (opt?.extendedResponseCode ?? 0) * 16,
    extendedErrors: opt?.extendedErrors ?? [],
    sections,
  };
}

interface Opening {
  readonly head: MessageHead;
  readonly counts: Readonly<Record<Section, number>>;
}

function readHead(reader: WireReader): Opening {
  const id = reader.uint16();
  const flags = reader.uint16();
  const count = reader.uint16();
  const counts = { answer: reader.uint16(), authority: reader.uint16(), additional: reader.uint16() };
  const responseCode = flags & 0xf;
  const isBare = reader.remaining === 0 && responseCode !== 0;
  return {
    head: {
      id,
      kind: (flags & 0x8000) === 0 ? "query" : "response",
      truncated: (flags & 0x0200) !== 0,
      authenticatedData: (flags & 0x0020) !== 0,
      responseCode,
      questions: isBare ? [] : readQuestions(reader, count),
    },
    counts,
  };
}

function readQuestions(reader: WireReader, count: number): readonly Question[] {
  if (count > MOST_QUESTIONS) throw malformed(`it repeats ${count} questions`);
  return Array.from({ length: count }, () => ({
    name: reader.name(),
    type: reader.uint16(),
    class: reader.uint16(),
  }));
}

/** One was asked; no server answers several at once (RFC 9619). */
const MOST_QUESTIONS = 1;

/** The count is the sender's word: the records are read one by one, and the first that is not there ends it. */
function readRecords(reader: WireReader, count: number): readonly DnsRecord[] {
  const records: DnsRecord[] = [];
  for (let read = 0; read < count; read += 1) records.push(readRecord(reader));
  return records;
}
