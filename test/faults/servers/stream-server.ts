import { createServer, type Socket } from "node:net";
import { type FaultServer, startServer } from "./fault-server.ts";

/** A TCP server that does to each connection whatever it is told, and otherwise only notices when the peer leaves. */
export function startStreamServer(onConnection: (socket: Socket) => void): Promise<FaultServer> {
  return startServer(
    createServer((socket) => {
      onConnection(socket);
      socket.resume();
    }),
  );
}
