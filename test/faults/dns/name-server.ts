import { createSocket, type Socket as DatagramSocket, type RemoteInfo } from "node:dgram";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { type DecodedPacket, decode, encode, type Packet, RECURSION_AVAILABLE } from "dns-packet";
import type { FaultServer } from "../servers/fault-server.ts";
import { track } from "../servers/fault-server.ts";

/** A query as it came. */
export interface ReceivedQuery {
  readonly bytes: Buffer;
  readonly packet: DecodedPacket;
  readonly transport: "udp" | "tcp";
}

/** What a name server does with a query: `reply` sends one message back to whoever asked. */
export type OnQuery = (query: ReceivedQuery, reply: (message: Uint8Array) => void) => void;

/** A name server on a free port of the loopback, over UDP and TCP. */
export async function startNameServer(onQuery: OnQuery): Promise<FaultServer> {
  const { udp, tcp, port } = await bind();
  const traffic = track(tcp);
  let datagrams = 0;
  udp.on("message", (bytes: Buffer, peer: RemoteInfo) => {
    datagrams += 1;
    onQuery({ bytes, packet: decode(bytes), transport: "udp" }, (message) =>
      udp.send(message, peer.port, peer.address),
    );
  });
  tcp.on("connection", (socket: Socket) => {
    onMessage(socket, (bytes) => {
      onQuery({ bytes, packet: decode(bytes), transport: "tcp" }, (message) => socket.write(framed(message)));
    });
  });
  return {
    host: HOST,
    port,
    connections: traffic.connections,
    arrivals: () => datagrams + traffic.arrivals(),
    async [Symbol.asyncDispose]() {
      const closed = once(udp, "close");
      udp.close();
      await Promise.all([closed, traffic[Symbol.asyncDispose]()]);
    },
  };
}

const HOST = "127.0.0.1";

/** Calls back with each message that comes over a stream, without its length. */
export function onMessage(socket: Socket, take: (message: Buffer) => void): void {
  let received = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE()) {
      const end = 2 + received.readUInt16BE();
      take(received.subarray(2, end));
      received = received.subarray(end);
    }
  });
}

/** A message behind its length, as it goes over a stream. */
export function framed(message: Uint8Array): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

/** What an answer says beside the question. */
export interface AnswerParts extends Pick<Packet, "answers" | "authorities" | "additionals"> {
  readonly rcode?: number;
  readonly flags?: number;
}

/** An answer to a query: its id and its question as it came, and these records. */
export function answerTo(query: Buffer, { rcode = 0, flags = 0, ...records }: AnswerParts = {}): Buffer {
  const question = query.subarray(12, endOfQuestion(query));
  const message = encode({
    type: "response",
    id: query.readUInt16BE(),
    flags: flags | rcode | RECURSION_AVAILABLE,
    ...records,
  });
  message.writeUInt16BE(1, 4);
  return Buffer.concat([message.subarray(0, 12), question, message.subarray(12)]);
}

function endOfQuestion(query: Buffer): number {
  let offset = 12;
  for (let length = query.readUInt8(offset); length > 0; length = query.readUInt8(offset)) offset += 1 + length;
  return offset + 5;
}

interface Bound {
  readonly udp: DatagramSocket;
  readonly tcp: Server;
  readonly port: number;
}

/** The second one may be taken by a stranger, so this tries more than once. */
async function bind(): Promise<Bound> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const udp = createSocket("udp4");
    udp.bind(0, HOST);
    await once(udp, "listening");
    const { port } = udp.address();
    const tcp = createServer();
    const isBound = await new Promise<boolean>((resolve) => {
      tcp.once("error", () => resolve(false));
      tcp.listen({ host: HOST, port }, () => resolve(true));
    });
    if (isBound) return { udp, tcp, port };
    udp.close();
  }
  throw new Error("No port is free for both UDP and TCP");
}
