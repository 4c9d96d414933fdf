import { startDatagramServer } from "./datagram-server.ts";
import type { FaultServer } from "./fault-server.ts";

/** How a DNS server can fail to give an address: a response code (RFC 1035 §4.1.1) without records, or silence. */
export const REFUSALS = { "no-records": 0, "server-failure": 2, "no-such-name": 3, silence: undefined } as const;

/** A DNS server that answers every question in the same way. */
export function startDnsRefusal(refusal: keyof typeof REFUSALS): Promise<FaultServer> {
  const responseCode = REFUSALS[refusal];
  return startDatagramServer((question, reply) => {
    if (responseCode !== undefined) reply(answerTo(question, responseCode));
  });
}

/** The question again, marked as its answer; what follows the question (EDNS) is left out, with its count. */
function answerTo(question: Buffer, responseCode: number): Buffer {
  const answer = Buffer.from(question.subarray(0, endOfQuestion(question)));
  const flags = RESPONSE | (question.readUInt16BE(FLAGS_AT) & RECURSION_DESIRED) | RECURSION_AVAILABLE;
  answer.writeUInt16BE(flags | responseCode, FLAGS_AT);
  answer.writeUInt16BE(0, ADDITIONAL_COUNT_AT);
  return answer;
}

const RESPONSE = 0x8000;
const RECURSION_DESIRED = 0x0100;
const RECURSION_AVAILABLE = 0x0080;
const FLAGS_AT = 2;
const ADDITIONAL_COUNT_AT = 10;
const HEADER_BYTES = 12;

/** After the header: a name as labels that end with an empty one, then type and class. */
function endOfQuestion(message: Buffer): number {
  let at = HEADER_BYTES;
  while ((message[at] ?? 0) !== 0) at += 1 + (message[at] ?? 0);
  return at + 1 + 4;
}
