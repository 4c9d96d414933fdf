import { createSocket, type RemoteInfo } from "node:dgram";
import { once } from "node:events";
import { readFileSync } from "node:fs";

export interface AnsweringServer extends AsyncDisposable {
  readonly port: number;
  readonly connections: () => number;
}

export type Answer = (request: Buffer, reply: (datagram: string | Buffer) => void, from: RemoteInfo) => void;

/** A UDP server that does with each datagram whatever it is told. */
export async function startAnswering(answer: Answer, host = "127.0.0.1"): Promise<AnsweringServer> {
  const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
  let isOpen = true;
  socket.on("message", (request, from) => {
    answer(request, (datagram) => isOpen && socket.send(datagram, from.port, from.address), from);
  });
  socket.bind({ address: host, port: 0 });
  await once(socket, "listening");
  const { port } = socket.address();
  return {
    port,
    connections: () => connectedTo(port),
    async [Symbol.asyncDispose]() {
      isOpen = false;
      const closed = once(socket, "close");
      socket.close();
      await closed;
    },
  };
}

/**
 * How many datagram sockets of this machine are connected to a port: the server itself knows nothing of connections.
 * Linux lists them (proc_net_udp(5)) with the remote port in hexadecimal digits; elsewhere none are seen.
 */
function connectedTo(port: number): number {
  if (process.platform !== "linux") return 0;
  const remote = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const rows = ["udp", "udp6"].flatMap((table) => readFileSync(`/proc/net/${table}`, "utf8").split("\n"));
  return rows.filter((row) => row.trim().split(/\s+/u)[2]?.endsWith(remote)).length;
}
