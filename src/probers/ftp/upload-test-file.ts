import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import { finished } from "node:stream/promises";
import { write } from "../../network/write.ts";
import { ask, perform, showReply } from "./dialogue.ts";
import type { Session } from "./session.ts";
import type { Upload } from "./settings.ts";
import { transfer } from "./transfer.ts";

/** Uploads a file whose name nobody else has, and deletes it; also what a failed upload may have left of it. */
export async function uploadTestFile({ bytes }: Upload, session: Session): Promise<void> {
  const name = `status-exporter-${randomUUID()}.tmp`;
  let agreed = false;
  const [stored] = await Promise.allSettled([
    transfer(
      {
        kind: "upload",
        command: `STOR ${name}`,
        onAgreed() {
          agreed = true;
        },
        carry: (socket, count) => send(socket, { bytes, count }),
      },
      session,
    ),
  ]);
  if (stored.status === "fulfilled") {
    await session.context.during("exchange", () => perform(session, `DELE ${name}`));
    return;
  }
  if (agreed) await cleanUp(name, session);
  throw stored.reason;
}

async function send(
  socket: Socket,
  { bytes, count }: { readonly bytes: number; readonly count: (bytes: number) => void },
): Promise<"all"> {
  for (let left = bytes; left > 0; ) {
    const piece = CONTENT.subarray(0, left);
    await write(socket, piece);
    count(piece.length);
    left -= piece.length;
  }
  socket.end();
  await finished(socket, { readable: false });
  return "all";
}

/** A piece of the test file, for whoever finds one. */
const CONTENT = Buffer.alloc(64 * 1024, "A test file of status-exporter\n");

/** The upload has failed already, and that is what the probe reports: how the deletion went is a line of the log. */
async function cleanUp(name: string, session: Session): Promise<void> {
  const { context } = session;
  const [deleted] = await Promise.allSettled([context.during("content", () => ask(session, { line: `DELE ${name}` }))]);
  const answer = deleted.status === "fulfilled" ? showReply(deleted.value, session) : String(deleted.reason);
  context.log("info", "Asked to delete what the failed upload may have left", { name, answer });
}
