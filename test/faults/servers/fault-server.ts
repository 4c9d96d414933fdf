import { once } from "node:events";
import type { Server, Socket } from "node:net";

/** A place on this machine; of a Unix socket, `host` is the path and `port` is 0. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** What a server sees of its peers; disposing of it ends its connections. */
export interface Traffic extends AsyncDisposable {
  /** How many connections are open. */
  readonly connections: () => number;
  /** How many connections, or datagrams, have ever come. */
  readonly arrivals: () => number;
}

/** What a fault listens with. */
export interface FaultServer extends Place, Traffic {}

/** Makes a server of `node:net`, or of one that is built on it, listen somewhere. */
export type Listen = (server: Server) => Promise<FaultServer>;

/** Listens on a free port of the loopback. */
export async function startServer(server: Server): Promise<FaultServer> {
  const tracked = track(server);
  server.listen({ port: 0, host: HOST });
  await once(server, "listening");
  return { ...tracked, host: HOST, port: portOf(server) };
}

const HOST = "127.0.0.1";

/** What is the same wherever a server listens. */
export function track(server: Server): Traffic {
  const sockets = new Set<Socket>();
  let arrivals = 0;
  server.on("connection", (socket: Socket) => {
    arrivals += 1;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // The exporter may hang up at any moment; what matters of that is the end of the connection, which `close` tells.
    socket.on("error", () => socket.destroy());
  });
  return {
    connections: () => sockets.size,
    arrivals: () => arrivals,
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
  if (address === null || typeof address === "string") throw new TypeError("Cannot read the port: there is none");
  return address.port;
}
