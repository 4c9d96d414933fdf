import type { Socket } from "node:net";
import { ByteReader } from "../../../network/byte-reader.ts";
import { write } from "../../../network/write.ts";
import { readBytes, refuseEarlyBytes } from "./read-bytes.ts";
import { malformed, notOffered } from "./refusal.ts";

/** CLIENT_SSL of the capability flags (MySQL, "Capabilities Flags"). */
const SSL = 0x0800;
/** CLIENT_PROTOCOL_41 and CLIENT_SECURE_CONNECTION, without which servers do not go on. */
const MODERN = 0x0200 | 0x8000;

/** A greeting has some hundred bytes. */
const LONGEST_GREETING_BYTES = 4096;

/** What a server says of itself in its first packet: whether it has TLS, or why it does not want to talk. */
export type MysqlGreeting =
  | { readonly kind: "greeting"; readonly tls: boolean; readonly version: string }
  | { readonly kind: "error"; readonly message: string }
  | { readonly kind: "garbage" };

/** Reads the payload of the first packet ("Protocol::HandshakeV10", "ERR_Packet"). */
export function readMysqlGreeting(payload: Buffer): MysqlGreeting {
  if (payload[0] === 0xff) return { kind: "error", message: payload.subarray(3).toString("latin1") };
  const versionEnd = payload.indexOf(0, 1);
  // After the version: four bytes of the thread, eight of the scramble and a filler, then the lower flags.
  const flagsAt = versionEnd + 1 + 4 + 8 + 1;
  if (payload[0] !== 10 || versionEnd < 0 || payload.length < flagsAt + 2) return { kind: "garbage" };
  const version = payload.subarray(1, versionEnd).toString("latin1");
  return { kind: "greeting", tls: (payload.readUInt16LE(flagsAt) & SSL) !== 0, version };
}

/** "Protocol::SSLRequest": 32 bytes as the second packet of the connection. */
export function mysqlSslRequest(): Buffer {
  const packet = Buffer.alloc(4 + 32);
  packet.writeUIntLE(32, 0, 3);
  packet[3] = 1;
  packet.writeUInt32LE(SSL | MODERN, 4);
  packet.writeUInt32LE(0x01000000, 8);
  // utf8mb4_general_ci
  packet[12] = 45;
  return packet;
}

/** TLS of MySQL and MariaDB, which the server offers in its greeting. */
export async function askMysql(socket: Socket): Promise<void> {
  using reader = new ByteReader(socket);
  const length = (await readBytes(reader, 4)).readUIntLE(0, 3);
  if (length === 0 || length > LONGEST_GREETING_BYTES) throw malformed("a greeting of MySQL", `${length} bytes`);
  const payload = await readBytes(reader, length);
  const greeting = readMysqlGreeting(payload);
  if (greeting.kind === "error") throw malformed("a greeting of MySQL", greeting.message);
  if (greeting.kind === "garbage") throw malformed("a greeting of MySQL", payload.toString("latin1"));
  if (!greeting.tls) throw notOffered("The server offers no TLS in its greeting", greeting.version);
  refuseEarlyBytes(reader);
  await write(socket, mysqlSslRequest());
}
