import { ByteReader } from "../../../network/byte-reader.ts";
import { ProbeFailure } from "../../../outcome/probe-failure.ts";

/** Waits for so many bytes and takes them. Throws `exchange/closed` where the peer ends first. */
export async function readBytes(reader: ByteReader, count: number): Promise<Buffer> {
  while (reader.held.length < count) {
    if (!(await reader.more())) throw closed();
  }
  return reader.take(count);
}

/** What came beside the reply could be anybody's, who would pass it off as the peer's secure answer. */
export function refuseEarlyBytes(reader: ByteReader): void {
  if (reader.pending === 0) return;
  throw new ProbeFailure("exchange/malformed", {
    detail: `Expected nothing between the agreement on TLS and its handshake, found ${reader.pending} bytes`,
  });
}

/** The peer hung up in the middle of the dialogue. */
export function closed(): ProbeFailure {
  return new ProbeFailure("exchange/closed", { detail: "The server closed the connection before it agreed to TLS" });
}
