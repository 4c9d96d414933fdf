import assert from "node:assert/strict";
import { getEventListeners, once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { connect } from "../../src/network/connect.ts";

test("opens a socket that sends what is written", async (t) => {
  const { port, accepted } = await listen(t);
  const socket = await connect({ ip: "127.0.0.1", port }, never());
  t.after(() => socket.destroy());
  socket.write("hello");
  const [data] = await once(await accepted, "data");
  assert.equal(String(data), "hello");
});

test("opens a Unix socket", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "connect-"));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, "socket");
  await listen(t, { path });
  const socket = await connect({ path }, never());
  t.after(() => socket.destroy());
  assert.equal(socket.readyState, "open");
});

test("dials from the source address", async (t) => {
  const { port, accepted } = await listen(t);
  const socket = await connect({ ip: "127.0.0.1", port, sourceAddress: "127.0.0.7" }, never());
  t.after(() => socket.destroy());
  assert.equal((await accepted).remoteAddress, "127.0.0.7");
});

test("rejects with the system's error when nothing listens", async () => {
  const port = await closedPort();
  await assert.rejects(connect({ ip: "127.0.0.1", port }, never()), { code: "ECONNREFUSED" });
});

test("rejects with the system's error when there is no Unix socket", async () => {
  await assert.rejects(connect({ path: join(tmpdir(), "no-such-socket") }, never()), { code: "ENOENT" });
});

for (const port of [0, -1, 65_536, 1.5, Number.NaN]) {
  test(`refuses port ${port}`, async () => {
    await assert.rejects(connect({ ip: "127.0.0.1", port }, never()), { outcome: "request/parameter-missing" });
  });
}

for (const path of ["", "a\0b", "x".repeat(108)]) {
  test(`refuses the path ${JSON.stringify(path).slice(0, 20)}`, async () => {
    await assert.rejects(connect({ path }, never()), { outcome: "request/parameter-missing" });
  });
}

for (const sourceAddress of ["nonsense", "::1"]) {
  test(`says that ${sourceAddress} cannot be the source address`, async () => {
    await assert.rejects(connect({ ip: "127.0.0.1", port: 1, sourceAddress }, never()), { outcome: "local/no-socket" });
  });
}

test("rejects with the system's error when this host does not have the source address", async () => {
  const destination = { ip: "127.0.0.1", port: 1, sourceAddress: "192.0.2.1" };
  await assert.rejects(connect(destination, never()), { code: "EADDRNOTAVAIL", syscall: "bind" });
});

test("refuses to dial a name", async () => {
  await assert.rejects(connect({ ip: "localhost", port: 1 }, never()), TypeError);
});

test("does not dial once the signal has aborted", async () => {
  const signal = AbortSignal.abort(new Error("too late"));
  await assert.rejects(connect({ ip: "127.0.0.1", port: 1 }, { signal }), { message: "too late" });
});

test("gives up dialling with the signal's reason", async (t) => {
  const { port } = await listen(t);
  const controller = new AbortController();
  const connecting = connect({ ip: "127.0.0.1", port }, { signal: controller.signal });
  controller.abort(new Error("deadline"));
  await assert.rejects(connecting, { message: "deadline" });
  assert.equal(getEventListeners(controller.signal, "abort").length, 0);
});

test("destroys an open socket when the signal aborts, keeps the reason and does not end the process", async (t) => {
  const { port } = await listen(t);
  const controller = new AbortController();
  const socket = await connect({ ip: "127.0.0.1", port }, { signal: controller.signal });
  controller.abort("a reason that is no error");
  await closed(socket);
  assert.equal(socket.errored?.name, "AbortError");
});

test("takes its listener off the signal when the socket closes", async (t) => {
  const { port } = await listen(t);
  const controller = new AbortController();
  const socket = await connect({ ip: "127.0.0.1", port }, { signal: controller.signal });
  assert.equal(getEventListeners(controller.signal, "abort").length, 1);
  socket.destroy();
  await once(socket, "close");
  assert.equal(getEventListeners(controller.signal, "abort").length, 0);
});

test("survives a reset that comes while nobody listens, and keeps it", async (t) => {
  const { port, accepted } = await listen(t);
  const socket = await connect({ ip: "127.0.0.1", port }, never());
  socket.resume();
  (await accepted).resetAndDestroy();
  await closed(socket);
  assert.equal(socket.errored && "code" in socket.errored && socket.errored.code, "ECONNRESET");
});

/** Unlike `once(socket, "close")`, does not reject when an error comes first. */
function closed(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => socket.once("close", resolve));
}

function never(): { readonly signal: AbortSignal } {
  return { signal: new AbortController().signal };
}

async function listen(
  t: TestContext,
  where: { readonly path: string } | { readonly port: number; readonly host: string } = { port: 0, host: "127.0.0.1" },
): Promise<{ readonly port: number; readonly accepted: Promise<Socket> }> {
  const sockets = new Set<Socket>();
  const { promise: accepted, resolve } = Promise.withResolvers<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => sockets.delete(socket));
    resolve(socket);
  });
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  server.listen(where);
  await once(server, "listening");
  return { port: portOf(server), accepted };
}

async function closedPort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = portOf(server);
  server.close();
  await once(server, "close");
  return port;
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return address !== null && typeof address === "object" ? address.port : 0;
}
