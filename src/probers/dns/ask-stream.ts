import type { Socket } from "node:net";
import { ByteReader } from "../../network/byte-reader.ts";
import { write } from "../../network/write.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { malformed } from "./malformed.ts";
import { openStream, type StreamOptions } from "./open-stream.ts";
import type { Inquiry } from "./transport.ts";

/** Asks over TCP (RFC 7766). */
export function askOverTcp(inquiry: Inquiry): Promise<Uint8Array> {
  return askOverStream(inquiry, { security: "plain" });
}

/** Asks over TLS (RFC 7858). */
export function askOverTls(inquiry: Inquiry): Promise<Uint8Array> {
  return askOverStream(inquiry, { security: "tls" });
}

async function askOverStream(inquiry: Inquiry, options: StreamOptions): Promise<Uint8Array> {
  using stream = await openStream(inquiry, options);
  return await inquiry.during("exchange", async () => {
    await write(stream.socket, framed(inquiry.query.bytes));
    return await readFramed(stream.socket);
  });
}

/** Behind two bytes of length (RFC 1035 §4.2.2), in one piece (RFC 7766 §8). */
function framed(message: Uint8Array): Uint8Array {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

const LENGTH_BYTES = 2;

/** One message: no more is asked for than its length says, which is at most 64 KiB. */
async function readFramed(socket: Socket): Promise<Uint8Array> {
  using reader = new ByteReader(socket);
  for (;;) {
    const { held } = reader;
    const end = held.length < LENGTH_BYTES ? Number.POSITIVE_INFINITY : LENGTH_BYTES + held.readUInt16BE();
    if (held.length >= end) return Buffer.from(held.subarray(LENGTH_BYTES, end));
    if (!(await reader.more())) throw ended(held.length);
  }
}

function ended(received: number): ProbeFailure {
  if (received > 0) return malformed(`the server closed the connection after ${received} bytes of it`);
  return new ProbeFailure("exchange/no-reply", { detail: "The server closed the connection without a reply" });
}
