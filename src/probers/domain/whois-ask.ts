import { ByteReader } from "../../network/byte-reader.ts";
import { write } from "../../network/write.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { dial } from "../../probe/dial.ts";
import type { Line } from "./line.ts";
import type { WhoisServer } from "./settings.ts";

/** The longest records, with their terms of use, take a few dozen kilobytes. */
const LARGEST_ANSWER_BYTES = 1024 * 1024;

/** Sends one question (RFC 3912) and reads until the server hangs up. */
export async function askWhois(
  query: string,
  { server, line }: { readonly server: WhoisServer; readonly line: Line },
): Promise<string> {
  const socket = await dial({ host: server.host, port: server.port }, line);
  using owned = new DisposableStack();
  owned.defer(() => socket.destroy());
  await write(socket, Buffer.from(`${query}\r\n`));
  using reader = new ByteReader(socket);
  while (await reader.more()) {
    if (reader.held.length <= LARGEST_ANSWER_BYTES) continue;
    throw new ProbeFailure("registry/unreadable", {
      detail: `The answer of ${server.host} is larger than ${LARGEST_ANSWER_BYTES} bytes`,
    });
  }
  return decode(reader.held);
}

/** UTF-8 where it is valid; otherwise Latin-1, which older registries send without saying so. */
function decode(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes);
  return text.includes("\uFFFD") ? new TextDecoder("latin1").decode(bytes) : text;
}
