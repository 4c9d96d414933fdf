import { createServer, type Socket } from "node:net";
import { type FaultServer, type Listen, startServer } from "./fault-server.ts";

/** A server that does to each connection whatever it is told, and otherwise only notices when the peer leaves. */
export function startStreamServer(
  onConnection: (socket: Socket) => void,
  listen: Listen = startServer,
): Promise<FaultServer> {
  return listen(
    createServer((socket) => {
      onConnection(socket);
      socket.resume();
    }),
  );
}

/** Breaks the connection off: by a reset, or over a Unix socket, which has none, by closing it. */
export function breakOff(socket: Socket): void {
  if (socket.remoteAddress === undefined) socket.destroy();
  else socket.resetAndDestroy();
}
