import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { Worker } from "node:worker_threads";
import type { FaultServer } from "./fault-server.ts";

const HOST = "127.0.0.1";

/** Linux lets one connection more than the backlog wait to be accepted. */
const BACKLOG = 1;
const WAITING = BACKLOG + 1;

/**
 * A listener whose queue of connections is full and stays so: Linux drops each further SYN without an answer, whatever
 * its sysctls say of resets and cookies, so that a connection never comes about. The listener lives in a thread that
 * is blocked before it can accept; elsewhere than on Linux the queue may be longer.
 */
export async function startFullBacklog(): Promise<FaultServer> {
  const thread = new Worker(LISTEN_AND_BLOCK, { eval: true, workerData: { host: HOST, backlog: BACKLOG } });
  const port = await firstMessage(thread);
  const waiting = await Promise.all(Array.from({ length: WAITING }, () => connected(port)));
  return {
    host: HOST,
    port,
    connections: () => 0,
    arrivals: () => 0,
    async [Symbol.asyncDispose]() {
      for (const socket of waiting) socket.destroy();
      await thread.terminate();
    },
  };
}

const LISTEN_AND_BLOCK = `
  const { createServer } = require("node:net");
  const { parentPort, workerData } = require("node:worker_threads");
  const server = createServer();
  server.listen({ host: workerData.host, port: 0, backlog: workerData.backlog }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;

async function firstMessage(thread: Worker): Promise<number> {
  const [port]: readonly unknown[] = await once(thread, "message");
  return Number(port);
}

async function connected(port: number): Promise<Socket> {
  const socket = connect({ host: HOST, port });
  await once(socket, "connect");
  // Ending the thread resets the connections that it never accepted.
  socket.on("error", () => socket.destroy());
  return socket;
}
