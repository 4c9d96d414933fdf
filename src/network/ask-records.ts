import { randomInt } from "node:crypto";
import { isIP } from "node:net";
import { ProbeFailure } from "../outcome/probe-failure.ts";
import { ByteReader } from "./byte-reader.ts";
import { connect } from "./connect.ts";
import { openDatagram } from "./datagram.ts";
import { type RecordAnswer, type RecordQuestion, readRecordAnswer, recordQuery } from "./record-message.ts";
import { write } from "./write.ts";

/**
 * Asks one DNS server (`address` or `address:port`) for records that Node's own resolver does not tell in full: whether
 * DNSSEC vouches for them. Over UDP, and over TCP where the answer is too long. Rejects with a `ProbeFailure` or the
 * system's error.
 */
export async function askRecords(
  asked: Omit<RecordQuestion, "id">,
  { server, signal }: { readonly server: string; readonly signal: AbortSignal },
): Promise<RecordAnswer> {
  const question = { ...asked, id: randomInt(0x10000) };
  const place = placeOf(server);
  const answer = await askOverUdp(question, { ...place, signal });
  return answer.truncated ? await askOverTcp(question, { ...place, signal }) : answer;
}

interface Place {
  readonly ip: string;
  readonly port: number;
}

interface Call extends Place {
  readonly signal: AbortSignal;
}

const DNS_PORT = 53;

function placeOf(server: string): Place {
  if (isIP(server) !== 0) return { ip: server, port: DNS_PORT };
  const parts = /^(?:\[(?<ipv6>[^\]]+)\]|(?<ipv4>[^:]+))(?::(?<port>\d+))?$/u.exec(server)?.groups;
  return { ip: parts?.["ipv6"] ?? parts?.["ipv4"] ?? server, port: Number(parts?.["port"] ?? DNS_PORT) };
}

/** A datagram may get lost: after so many seconds the question is asked again. */
const REPEAT_SECONDS = 1;

/** Anyone may send a datagram in the server's name: what does not answer the question is passed over. */
async function askOverUdp(question: RecordQuestion, { ip, port, signal }: Call): Promise<RecordAnswer> {
  const family = isIP(ip) === 6 ? 6 : 4;
  await using channel = await openDatagram({ ip, family, port }, { signal });
  await channel.send(recordQuery(question));
  for (;;) {
    const datagram = await channel.receiveWithin(REPEAT_SECONDS);
    const answer = datagram === undefined ? undefined : read(Buffer.from(datagram), question);
    if (answer !== undefined) return answer;
    if (datagram === undefined) await channel.send(recordQuery(question));
  }
}

/** Behind two bytes of length, each way (RFC 1035 §4.2.2); no more is read than the length says, at most 64 KiB. */
async function askOverTcp(question: RecordQuestion, { ip, port, signal }: Call): Promise<RecordAnswer> {
  const socket = await connect({ ip, port }, { signal });
  using owned = new DisposableStack();
  owned.defer(() => socket.destroy());
  const query = recordQuery(question);
  await write(socket, Buffer.concat([Buffer.from([query.length >> 8, query.length & 0xff]), query]));
  const reader = owned.use(new ByteReader(socket));
  while (reader.held.length < 2 || reader.held.length < 2 + reader.held.readUInt16BE()) {
    if (!(await reader.more())) throw malformed("it ends early");
  }
  const answer = read(reader.held.subarray(2, 2 + reader.held.readUInt16BE()), question);
  if (answer === undefined || answer.truncated) throw malformed("it does not answer the question");
  return answer;
}

function read(message: Buffer, question: RecordQuestion): RecordAnswer | undefined {
  try {
    return readRecordAnswer(message, question);
  } catch (error) {
    if (error instanceof RangeError) throw malformed("it is cut off", error);
    throw error;
  }
}

function malformed(what: string, cause?: unknown): ProbeFailure {
  return new ProbeFailure("exchange/malformed", {
    detail: `The answer of the DNS server cannot be read: ${what}`,
    cause,
  });
}
