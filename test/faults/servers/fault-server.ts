import { once } from "node:events";
import type { Server, Socket } from "node:net";

/** A place on this machine. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** A listener of a fault; disposing of it ends its connections. */
export interface FaultServer extends Place, AsyncDisposable {
  readonly connections: () => number;
}

/** Makes a server of `node:net` or of one that is built on it listen on a free port of the loopback. */
export async function startServer(server: Server, host = "127.0.0.1"): Promise<FaultServer> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // The exporter may hang up at any moment; what matters of that is the end of the connection, which `close` tells.
    socket.on("error", () => socket.destroy());
  });
  server.listen({ port: 0, host });
  await once(server, "listening");
  return {
    host,
    port: portOf(server),
    connections: () => sockets.size,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string")
    throw new TypeError("Cannot read the port: the server is not on TCP");
  return address.port;
}
