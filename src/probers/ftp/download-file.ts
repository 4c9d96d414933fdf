import { receive } from "./receive.ts";
import type { Session } from "./session.ts";
import type { Download } from "./settings.ts";
import { transfer } from "./transfer.ts";

/** Downloads a file up to the limit, and keeps nothing of it. */
export async function downloadFile({ path, limitBytes }: Download, session: Session): Promise<void> {
  await transfer(
    {
      kind: "download",
      command: `RETR ${path}`,
      carry: (socket, count) => receive(socket, { limitBytes, onPiece: (piece) => count(piece.length) }),
    },
    session,
  );
}
