import type { Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";

/** Writes each piece in a segment of its own: the peer, in the same thread, has a turn in between. */
export async function writeInPieces(socket: Socket, pieces: readonly string[]): Promise<void> {
  socket.setNoDelay();
  for (const piece of pieces) {
    if (socket.destroyed) return;
    socket.write(piece);
    await nextTurn();
    await nextTurn();
  }
}
