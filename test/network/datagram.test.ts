import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { test } from "node:test";
import { openDatagram } from "../../src/network/datagram.ts";

const HOST = { ip: "127.0.0.1", family: 4 } as const;

void test("keeps datagrams in order until they are asked for, and no more than 64 of them", async () => {
  await using peer = await startPeer();
  await using channel = await openDatagram({ ...HOST, port: peer.port }, { signal: new AbortController().signal });
  await channel.send(Buffer.from("hello"));
  const { address, port } = await peer.asker;

  for (let number = 1; number <= 70; number += 1) await peer.send(`${number}`, { address, port });
  const received: string[] = [];
  for (;;) {
    const datagram = await channel.receiveWithin(0.05);
    if (datagram === undefined) break;
    received.push(Buffer.from(datagram).toString());
    // The first one is asked for only after all have been sent; the loop has taken some of them in by then.
  }

  assert.deepEqual(
    received,
    received.map((_, index) => `${index + 1}`),
  );
  assert.ok(received.length >= 64 && received.length <= 70, `found ${received.length}`);
});

void test("rejects with the signal's reason after an abort", async () => {
  await using peer = await startPeer();
  const controller = new AbortController();
  await using channel = await openDatagram({ ...HOST, port: peer.port }, controller);
  const waiting = channel.receive();

  controller.abort(new Error("enough"));

  await assert.rejects(waiting, /enough/);
  await assert.rejects(channel.send(Buffer.from("a")), /enough/);
});

void test("does not open after an abort", async () => {
  const signal = AbortSignal.abort(new Error("enough"));

  await assert.rejects(openDatagram({ ...HOST, port: 9 }, { signal }), /enough/);
});

void test("rejects with the system's error when the peer's port is closed", async () => {
  const peer = await startPeer();
  await peer[Symbol.asyncDispose]();
  await using channel = await openDatagram({ ...HOST, port: peer.port }, { signal: new AbortController().signal });

  await channel.send(Buffer.from("a"));

  await assert.rejects(channel.receive(), { code: "ECONNREFUSED" });
});

void test("rejects what is too large for a datagram", async () => {
  await using peer = await startPeer();
  await using channel = await openDatagram({ ...HOST, port: peer.port }, { signal: new AbortController().signal });

  await assert.rejects(channel.send(Buffer.alloc(65_508)), { code: "EMSGSIZE" });
});

interface Place {
  readonly address: string;
  readonly port: number;
}

interface Peer extends AsyncDisposable {
  readonly port: number;
  readonly asker: Promise<Place>;
  send(datagram: string, to: Place): Promise<void>;
}

async function startPeer(): Promise<Peer> {
  const socket = createSocket("udp4");
  const asker = new Promise<Place>((resolve) => socket.once("message", (_, from) => resolve(from)));
  socket.bind(0, HOST.ip);
  await once(socket, "listening");
  return {
    port: socket.address().port,
    asker,
    send: (datagram, { address, port }) =>
      new Promise((resolve, reject) => {
        socket.send(datagram, port, address, (error) => (error === null ? resolve() : reject(error)));
      }),
    async [Symbol.asyncDispose]() {
      const closed = once(socket, "close");
      socket.close();
      await closed;
    },
  };
}
