import { once } from "node:events";
import { connect } from "node:net";
import type { FaultServer } from "./fault-server.ts";
import { startStreamServer } from "./stream-server.ts";

/**
 * A port on which nothing listens, and on which nothing can start to: it is the near end of an open connection, which
 * the kernel gives to nobody else. A connection to it is answered by a reset.
 */
export async function startClosedPort(): Promise<FaultServer> {
  const listener = await startStreamServer(() => undefined);
  const holder = connect({ host: listener.host, port: listener.port });
  await once(holder, "connect");
  const { localPort } = holder;
  if (localPort === undefined) throw new TypeError("Cannot hold a port: the connection has no near end");
  return {
    host: listener.host,
    port: localPort,
    connections: () => 0,
    arrivals: () => 0,
    async [Symbol.asyncDispose]() {
      holder.destroy();
      await listener[Symbol.asyncDispose]();
    },
  };
}
