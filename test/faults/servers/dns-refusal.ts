import { createSocket, type RemoteInfo } from "node:dgram";
import { once } from "node:events";
import type { FaultServer } from "./fault-server.ts";

/** How a DNS server can fail to give an address: a response code (RFC 1035 §4.1.1) without records, or silence. */
export const REFUSALS = { "no-records": 0, "server-failure": 2, "no-such-name": 3, silence: undefined } as const;

/** A DNS server that answers every question in the same way. */
export async function startDnsRefusal(refusal: keyof typeof REFUSALS): Promise<FaultServer> {
  const responseCode = REFUSALS[refusal];
  const socket = createSocket("udp4");
  socket.on("message", (question: Buffer, { port, address }: RemoteInfo) => {
    if (responseCode !== undefined) socket.send(answerTo(question, responseCode), port, address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { address: host, port } = socket.address();
  return {
    host,
    port,
    connections: () => 0,
    async [Symbol.asyncDispose]() {
      const closed = once(socket, "close");
      socket.close();
      await closed;
    },
  };
}

/** The question again, marked as its answer; what follows the question (EDNS) is left out, with its count. */
function answerTo(question: Buffer, responseCode: number): Buffer {
  const answer = Buffer.from(question.subarray(0, endOfQuestion(question)));
  answer.writeUInt16BE(
    RESPONSE | (question.readUInt16BE(2) & RECURSION_DESIRED) | RECURSION_AVAILABLE | responseCode,
    2,
  );
  answer.writeUInt16BE(0, ADDITIONAL_COUNT_AT);
  return answer;
}

const RESPONSE = 0x8000;
const RECURSION_DESIRED = 0x0100;
const RECURSION_AVAILABLE = 0x0080;
const HEADER_BYTES = 12;
const ADDITIONAL_COUNT_AT = 10;

/** After the header: a name as labels that end with an empty one, then type and class. */
function endOfQuestion(message: Buffer): number {
  let at = HEADER_BYTES;
  while ((message[at] ?? 0) !== 0) at += 1 + (message[at] ?? 0);
  return at + 1 + 4;
}
