import type { Socket } from "node:net";
import { ByteReader } from "../../network/byte-reader.ts";
import type { Carried } from "./transfer.ts";

/** Reads a data connection to its end, or until so many bytes have come; hands over each piece. */
export async function receive(
  socket: Socket,
  options: { readonly limitBytes: number; readonly onPiece: (piece: Buffer) => void },
): Promise<Carried> {
  using reader = new ByteReader(socket);
  for (let bytes = 0; bytes < options.limitBytes; ) {
    if (!(await reader.more())) return "all";
    const piece = reader.take(reader.held.length);
    bytes += piece.length;
    options.onPiece(piece);
  }
  return "enough";
}
