import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";
import type { FaultServer } from "./fault-server.ts";

/** What a server does with a datagram: `reply` sends one back to whoever sent it. */
export type OnDatagram = (datagram: Buffer, reply: (answer: Buffer | string) => void) => void;

/** A UDP server on a free port of the loopback. */
export async function startDatagramServer(onDatagram: OnDatagram): Promise<FaultServer> {
  const socket = createSocket("udp4");
  let arrivals = 0;
  socket.on("message", (datagram: Buffer, { port, address }: RemoteInfo) => {
    arrivals += 1;
    onDatagram(datagram, (answer) => socket.send(answer, port, address));
  });
  await bind(socket);
  return serverOf(socket, () => arrivals);
}

/**
 * A UDP port that is taken but closed to everybody: its socket is connected, so it takes datagrams of one peer only,
 * and the kernel answers those of others with "port unreachable".
 */
export async function startClosedDatagramPort(): Promise<FaultServer> {
  const socket = createSocket("udp4");
  await bind(socket);
  socket.connect(socket.address().port, HOST);
  await once(socket, "connect");
  return serverOf(socket, () => 0);
}

const HOST = "127.0.0.1";

async function bind(socket: Socket): Promise<void> {
  socket.bind(0, HOST);
  await once(socket, "listening");
}

function serverOf(socket: Socket, arrivals: () => number): FaultServer {
  return {
    host: HOST,
    port: socket.address().port,
    connections: () => 0,
    arrivals,
    async [Symbol.asyncDispose]() {
      const closed = once(socket, "close");
      socket.close();
      await closed;
    },
  };
}
