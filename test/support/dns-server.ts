import { createSocket, type Socket as DatagramSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, isIP, type Server, type Socket } from "node:net";
import { addressBytes } from "../../src/network/address-bytes.ts";

/**
 * What the server says to one question: addresses (none: the name exists without such an address), a bare response
 * code, nothing, bytes that are no answer, or an answer that is whole only over TCP.
 */
export type DnsAnswer =
  | readonly string[]
  | number
  | "silence"
  | "garbage"
  | { readonly onlyOverTcp: readonly string[] };

/** Answers by `name TYPE`, e.g. `shop.example A`; any other question gets NXDOMAIN. Of type NS, they are names. */
export type DnsTable = Readonly<Record<string, DnsAnswer>>;

export interface DnsServer extends AsyncDisposable {
  /** `127.0.0.1:port`. */
  readonly address: string;
  /** The questions that came, in order, as the table's keys are written. */
  readonly questions: readonly string[];
}

/** Starts a DNS server on loopback, over UDP and TCP on the same port. */
export async function startDnsServer(table: DnsTable): Promise<DnsServer> {
  const questions: string[] = [];
  const connections = new Set<Socket>();
  const { udp, tcp, port } = await bind();
  udp.on("message", (query, peer) => {
    const answer = reply(query, { table, transport: "udp", questions });
    if (answer !== undefined) udp.send(answer, peer.port, peer.address);
  });
  tcp.on("connection", (socket) => {
    connections.add(socket);
    socket.on("error", () => connections.delete(socket));
    socket.on("data", (data: Buffer) => {
      const answer = reply(data.subarray(2), { table, transport: "tcp", questions });
      if (answer !== undefined) socket.end(Buffer.concat([uint16(answer.length), answer]));
    });
  });
  return {
    address: `127.0.0.1:${port}`,
    questions,
    async [Symbol.asyncDispose]() {
      for (const socket of connections) socket.destroy();
      udp.close();
      tcp.close();
      await Promise.all([once(udp, "close"), once(tcp, "close")]);
    },
  };
}

/** A port that is free for both; the second one may be taken by a stranger, so this tries more than once. */
async function bind(): Promise<{ readonly udp: DatagramSocket; readonly tcp: Server; readonly port: number }> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const tcp = createServer();
    tcp.listen(0, "127.0.0.1");
    await once(tcp, "listening");
    const address = tcp.address();
    const port = address !== null && typeof address === "object" ? address.port : 0;
    const udp = createSocket("udp4");
    const isBound = await new Promise<boolean>((resolve) => {
      udp.once("error", () => resolve(false));
      udp.bind(port, "127.0.0.1", () => resolve(true));
    });
    if (isBound) return { udp, tcp, port };
    udp.close();
    tcp.close();
  }
  throw new Error("No port is free for both UDP and TCP");
}

interface Replying {
  readonly table: DnsTable;
  readonly transport: "udp" | "tcp";
  readonly questions: string[];
}

function reply(query: Buffer, { table, transport, questions }: Replying): Buffer | undefined {
  const question = readQuestion(query);
  questions.push(question.key);
  const answer = table[question.key] ?? NXDOMAIN;
  if (answer === "silence") return undefined;
  if (answer === "garbage") return Buffer.from([...query.subarray(0, 2), 0x81, 0x80, 0, 1, 0, 9, 0, 0, 0, 0, 0xff]);
  if (typeof answer === "number") return message(query, { question, rcode: answer, addresses: [] });
  if (!("onlyOverTcp" in answer)) return message(query, { question, rcode: 0, addresses: answer });
  if (transport === "udp") return message(query, { question, rcode: 0, addresses: [], isTruncated: true });
  return message(query, { question, rcode: 0, addresses: answer.onlyOverTcp });
}

const NXDOMAIN = 3;

interface Question {
  readonly key: string;
  /** The question's own bytes, which an answer repeats. */
  readonly bytes: Buffer;
}

/** The first question of a query (RFC 1035 §4.1.2). */
function readQuestion(query: Buffer): Question {
  const labels: string[] = [];
  let offset = 12;
  for (let length = query.readUInt8(offset); length > 0; length = query.readUInt8(offset)) {
    labels.push(query.toString("latin1", offset + 1, offset + 1 + length));
    offset += 1 + length;
  }
  const type = query.readUInt16BE(offset + 1);
  const name = labels.join(".").toLowerCase();
  return { key: `${name} ${TYPE_NAMES[type] ?? type}`, bytes: query.subarray(12, offset + 5) };
}

const TYPE_NAMES: Readonly<Record<number, string>> = { 1: "A", 2: "NS", 28: "AAAA" };

/** An answer (RFC 1035 §4.1): header, the question again, a record for each address with a TTL of an hour. */
function message(
  query: Buffer,
  {
    question,
    rcode,
    addresses,
    isTruncated = false,
  }: {
    readonly question: Question;
    readonly rcode: number;
    readonly addresses: readonly string[];
    readonly isTruncated?: boolean;
  },
): Buffer {
  const flags = 0x8180 | (isTruncated ? 0x0200 : 0) | rcode;
  const counts = [flags, 1, addresses.length, 0, 0].map(uint16);
  return Buffer.concat([query.subarray(0, 2), ...counts, question.bytes, ...addresses.map(record)]);
}

/** One record, its name a pointer to the question's (RFC 1035 §4.1.4). */
function record(text: string): Buffer {
  const bytes = isIP(text) === 0 ? nameBytes(text) : addressBytes(text);
  const type = isIP(text) === 0 ? 2 : bytes.length === 4 ? 1 : 28;
  return Buffer.concat([uint16(0xc00c), uint16(type), uint16(1), uint16(0), uint16(3600), uint16(bytes.length), bytes]);
}

function nameBytes(name: string): Buffer {
  const labels = name.split(".").map((label) => Buffer.from(`${String.fromCodePoint(label.length)}${label}`));
  return Buffer.concat([...labels, Buffer.from([0])]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
