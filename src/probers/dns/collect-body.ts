import type { Readable } from "node:stream";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { malformed } from "./malformed.ts";

/** All that a stream holds; throws `ProbeFailure` `exchange/malformed` for more than that, and for one that breaks off. */
export async function collectBody(
  stream: Readable,
  { mostBytes }: { readonly mostBytes: number },
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      if (!(chunk instanceof Uint8Array)) continue;
      length += chunk.length;
      if (length > mostBytes) throw malformed(`it is larger than ${mostBytes} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof ProbeFailure) throw error;
    const detail = `The server broke off its answer after ${length} bytes`;
    throw new ProbeFailure("exchange/malformed", { detail, cause: error });
  }
  return Buffer.concat(chunks);
}
