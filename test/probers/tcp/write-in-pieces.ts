import type { Socket } from "node:net";

/** Writes each piece in a segment of its own: the peer, in the same thread, has turns in between. */
export function writeInPieces(socket: Socket, [piece, ...others]: readonly string[]): void {
  if (piece === undefined || socket.destroyed) return;
  socket.setNoDelay();
  socket.write(piece);
  setImmediate(() => setImmediate(() => writeInPieces(socket, others)));
}
