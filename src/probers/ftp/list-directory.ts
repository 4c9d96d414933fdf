import { countEntries } from "./count-entries.ts";
import { receive } from "./receive.ts";
import type { Session } from "./session.ts";
import { transfer } from "./transfer.ts";

/** Lists the working directory, and measures how many entries it has where that can be told. */
export async function listDirectory(session: Session): Promise<void> {
  const pieces: Buffer[] = [];
  await transfer(
    {
      kind: "list",
      command: "LIST",
      carry: (socket, count) =>
        receive(socket, {
          limitBytes: LONGEST_LISTING_BYTES,
          onPiece(piece) {
            count(piece.length);
            pieces.push(piece);
          },
        }),
    },
    session,
  );
  const listing = Buffer.concat(pieces);
  const entries = listing.length < LONGEST_LISTING_BYTES ? countEntries(listing.toString()) : undefined;
  if (entries !== undefined) session.context.measure("probe_ftp_directory_entries", entries);
}

/** Some five thousand entries, which take 60 ms to read; of a longer listing only the beginning is. */
const LONGEST_LISTING_BYTES = 256 * 1024;
