/** What a DNS server says of one type of records under a name. */
export interface RecordAnswer {
  /** Whether the server vouches for it: it has checked the signatures of DNSSEC (RFC 4035 §3.2.3). */
  readonly authenticated: boolean;
  /** Whether the answer was too long for a datagram. */
  readonly truncated: boolean;
  /** The code of the response (RFC 1035 §4.1.1). */
  readonly code: number;
  /** The data of each record of that type; none where the name or the type does not exist. */
  readonly records: readonly Buffer[];
}

/** One question to a DNS server. */
export interface RecordQuestion {
  readonly id: number;
  /** Complete, in ASCII, without its closing dot. */
  readonly name: string;
  /** The number of the type, e.g. 52 for TLSA. */
  readonly type: number;
}

const CLASS_INTERNET = 1;
const HEADER_BYTES = 12;
const RECURSION_DESIRED = 0x0100;
const AUTHENTIC_DATA = 0x0020;
const TRUNCATED = 0x0200;
const RESPONSE = 0x8000;

/** The query (RFC 1035 §4.1), which asks the server to say whether it has checked the answer (RFC 6840 §5.7). */
export function recordQuery({ id, name, type }: RecordQuestion): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(RECURSION_DESIRED | AUTHENTIC_DATA, 2);
  header.writeUInt16BE(1, 4);
  const labels = name.split(".").flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, "latin1")]);
  const end = Buffer.from([0, type >> 8, type & 0xff, 0, CLASS_INTERNET]);
  return Buffer.concat([header, ...labels, end]);
}

/** Reads a response. Undefined where it answers another question; throws where it cannot be read. */
export function readRecordAnswer(message: Buffer, question: RecordQuestion): RecordAnswer | undefined {
  const query = recordQuery(question);
  const flags = message.readUInt16BE(2);
  const isAnswer = message.readUInt16BE(0) === question.id && (flags & RESPONSE) !== 0 && message.readUInt16BE(4) === 1;
  if (!isAnswer || !repeats(message.subarray(HEADER_BYTES, query.length), query.subarray(HEADER_BYTES)))
    return undefined;
  const truncated = (flags & TRUNCATED) !== 0;
  const answer = { authenticated: (flags & AUTHENTIC_DATA) !== 0, truncated, code: flags & 0x0f };
  return { ...answer, records: truncated ? [] : readRecords(message, { offset: query.length, type: question.type }) };
}

/** The same question; servers may change the case of its letters. */
function repeats(received: Buffer, sent: Buffer): boolean {
  return received.toString("latin1").toLowerCase() === sent.toString("latin1").toLowerCase();
}

/** The records of the answer section; those of an alias on the way to them are passed over. */
function readRecords(message: Buffer, from: { readonly offset: number; readonly type: number }): readonly Buffer[] {
  const records: Buffer[] = [];
  let { offset } = from;
  for (let left = message.readUInt16BE(6); left > 0; left -= 1) {
    offset = afterName(message, offset);
    const isWanted = message.readUInt16BE(offset) === from.type && message.readUInt16BE(offset + 2) === CLASS_INTERNET;
    const start = offset + 10;
    const end = start + message.readUInt16BE(offset + 8);
    if (end > message.length) throw new RangeError("A record is longer than the message");
    if (isWanted) records.push(Buffer.from(message.subarray(start, end)));
    offset = end;
  }
  return records;
}

/** Labels with their lengths, up to the root or to a pointer, which ends a name (RFC 1035 §4.1.4). */
function afterName(message: Buffer, offset: number): number {
  let next = offset;
  for (;;) {
    const length = message.readUInt8(next);
    if (length >= 0xc0) return next + 2;
    if (length === 0) return next + 1;
    next += 1 + length;
  }
}
