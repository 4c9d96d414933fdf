import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";

/** A DNS server that has TLSA records for one name. */
export interface TlsaServer extends AsyncDisposable {
  /** `127.0.0.1:port`. */
  readonly address: string;
  /** The names that were asked for. */
  readonly names: readonly string[];
}

export interface TlsaZone {
  readonly records?: readonly Buffer[];
  /** Whether the server vouches for its answers. */
  readonly authenticated?: boolean;
  readonly code?: number;
  /** Whether answers are whole only over TCP. */
  readonly isLong?: boolean;
  /** Sent instead of any answer; nothing where it is empty. */
  readonly garbage?: Buffer;
}

/** Starts it on loopback, over UDP and, where answers are long, TCP on the same port. */
export async function startTlsaServer(zone: TlsaZone): Promise<TlsaServer> {
  const names: string[] = [];
  const tcp = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.on("data", (query: Buffer) => {
      const answer = reply(query.subarray(2), { ...zone, isLong: false });
      socket.end(Buffer.concat([Buffer.from([answer.length >> 8, answer.length & 0xff]), answer]));
    });
  });
  tcp.listen(0, "127.0.0.1");
  await once(tcp, "listening");
  const bound = tcp.address();
  const port = bound !== null && typeof bound === "object" ? bound.port : 0;
  const udp = createSocket("udp4");
  udp.on("message", (query, peer) => {
    names.push(nameOf(query));
    const answer = reply(query, zone);
    if (answer.length > 0) udp.send(answer, peer.port, peer.address);
  });
  udp.bind(port, "127.0.0.1");
  await once(udp, "listening");
  return {
    address: `127.0.0.1:${port}`,
    names,
    async [Symbol.asyncDispose]() {
      udp.close();
      tcp.close();
      await Promise.all([once(udp, "close"), once(tcp, "close")]);
    },
  };
}

function reply(
  query: Buffer,
  { records = [], authenticated = true, code = 0, isLong = false, garbage }: TlsaZone,
): Buffer {
  if (garbage !== undefined) return garbage.length === 0 ? garbage : Buffer.concat([query.subarray(0, 2), garbage]);
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(0x8180 | (authenticated ? 0x20 : 0) | (isLong ? 0x200 : 0) | code, 2);
  const answers = isLong ? [] : records;
  header.writeUInt16BE(answers.length, 6);
  return Buffer.concat([header, query.subarray(12), ...answers.map(record)]);
}

/** Its name a pointer to the question's; of type 52, class 1, for an hour. */
function record(data: Buffer): Buffer {
  const head = Buffer.from([0xc0, 0x0c, 0, 52, 0, 1, 0, 0, 0x0e, 0x10, data.length >> 8, data.length & 0xff]);
  return Buffer.concat([head, data]);
}

function nameOf(query: Buffer): string {
  const labels: string[] = [];
  for (let offset = 12; query.readUInt8(offset) > 0; offset += 1 + query.readUInt8(offset)) {
    labels.push(query.toString("latin1", offset + 1, offset + 1 + query.readUInt8(offset)));
  }
  return labels.join(".");
}
