import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { reply, startGrpcServer } from "../../faults/grpc/grpc-server.ts";
import { startStreamServer } from "../../faults/servers/stream-server.ts";
import { eventually } from "../../support/eventually.ts";
import { runProbe } from "../../support/run-probe.ts";

void test("an answer cut at any byte is never taken for a whole one", async () => {
  const answer = await recordAnswer();
  let length = 0;
  await using server = await startStreamServer((socket) => {
    socket.once("data", () => socket.end(answer.subarray(0, length)));
  });

  for (; length < answer.length; length += 1) {
    const report = await runProbe("grpc", { target: `127.0.0.1:${server.port}` });

    assert.equal(report.outcome, "exchange/closed", `after ${length} of ${answer.length} bytes: ${report.detail}`);
  }
  const whole = await runProbe("grpc", { target: `127.0.0.1:${server.port}` });

  assert.equal(whole.outcome, "success", whole.detail);
  await eventually(() => assert.equal(server.connections(), 0));
});

void test("an answer that comes byte by byte is taken", async () => {
  const answer = await recordAnswer();
  await using server = await startStreamServer((socket) => {
    socket.once("data", () => void writeByteByByte(socket, answer));
  });

  const report = await runProbe("grpc", { target: `127.0.0.1:${server.port}` });

  assert.equal(report.outcome, "success", report.detail);
});

/** All that a healthy server sends on a connection, from its settings to the end of the answer. */
async function recordAnswer(): Promise<Buffer> {
  await using server = await startGrpcServer((stream) => {
    stream.on("close", () => stream.session?.close());
    reply(stream);
  });
  const chunks: Buffer[] = [];
  await using relay = await startStreamServer((socket) => {
    const upstream = connect({ host: server.host, port: server.port });
    upstream.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.pipe(upstream).pipe(socket);
    socket.on("close", () => upstream.destroy());
  });
  const report = await runProbe("grpc", { target: `127.0.0.1:${relay.port}` });
  assert.equal(report.outcome, "success", report.detail);
  return Buffer.concat(chunks);
}

async function writeByteByByte(socket: Socket, bytes: Buffer): Promise<void> {
  for (const byte of bytes) {
    if (!socket.write(Buffer.from([byte]))) await once(socket, "drain");
    await nextTurn();
  }
}
