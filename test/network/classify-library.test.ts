import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { createServer, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import {
  brotliCompressSync,
  brotliDecompress,
  gunzip,
  gzipSync,
  inflate,
  inflateRaw,
  zstdCompressSync,
  zstdDecompress,
} from "node:zlib";
import { Client } from "undici";
import { classify } from "../../src/network/classify.ts";
import { connect } from "../../src/network/connect.ts";

const OK = "HTTP/1.1 200 OK\r\n";

const ANSWERS = [
  ["nothing before it closes", "", "exchange/closed"],
  ["half a header before it closes", `${OK}Conte`, "exchange/closed"],
  ["half a body before it closes", `${OK}Content-Length: 10\r\n\r\nhalf`, "exchange/closed"],
  ["half a chunk before it closes", `${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nha`, "exchange/closed"],
  ["no HTTP", "220 mail.example ESMTP\r\n", "exchange/malformed"],
  ["a chunk without a size", `${OK}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, "exchange/malformed"],
  ["headers without end", `${OK}X: ${"x".repeat(30_000)}\r\n\r\n`, "exchange/malformed"],
  [
    "an upgrade nobody asked for",
    "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    "exchange/malformed",
  ],
  ["a go-ahead nobody asked for", "HTTP/1.1 100 Continue\r\n\r\n", "exchange/malformed"],
] as const;

for (const [what, answer, outcome] of ANSWERS) {
  test(`calls it ${outcome} when an HTTP server sends ${what}`, async (t) => {
    const port = await serve(t, (socket) => socket.once("data", () => socket.end(answer)));
    assert.equal(classify("exchange", await requestFailure(t, port)).outcome, outcome);
  });
}

test("calls it exchange/closed when an HTTP server resets the connection", async (t) => {
  const port = await serve(t, (socket) => socket.once("data", () => socket.resetAndDestroy()));
  assert.deepEqual(classify("exchange", await requestFailure(t, port)), {
    outcome: "exchange/closed",
    detail: "The other side reset the connection (ECONNRESET)",
  });
});

test("says what undici says of a closed connection", async (t) => {
  const port = await serve(t, (socket) => socket.once("data", () => socket.end()));
  assert.equal(
    classify("exchange", await requestFailure(t, port)).detail,
    "The other side closed the connection (UND_ERR_SOCKET: other side closed)",
  );
});

test("calls undici's own timeouts exchange/timeout", async (t) => {
  const port = await serve(t, (socket) => socket.once("data", () => socket.write(`${OK}Content-Length: 10\r\n`)));
  assert.equal(classify("exchange", await requestFailure(t, port, { headersTimeout: 1 })).outcome, "exchange/timeout");
});

test("calls a body over undici's limit content/too-large", async (t) => {
  const port = await serve(t, (socket) => socket.once("data", () => socket.end(`${OK}Content-Length: 3\r\n\r\nabc`)));
  assert.equal(classify("content", await requestFailure(t, port, { maxResponseSize: 2 })).outcome, "content/too-large");
});

test("calls a request that its signal gave up exchange/timeout", async (t) => {
  const controller = new AbortController();
  const port = await serve(t, (socket) => socket.once("data", () => controller.abort()));
  assert.equal(
    classify("exchange", await requestFailure(t, port, { signal: controller.signal })).outcome,
    "exchange/timeout",
  );
});

const PACKED = Buffer.from("hello ".repeat(100));

const BODIES = [
  ["gzip", () => promisify(gunzip)(Buffer.from("garbage"))],
  ["gzip cut short", () => promisify(gunzip)(gzipSync(PACKED).subarray(0, 20))],
  ["zlib", () => promisify(inflate)(Buffer.from("garbage"))],
  ["deflate", () => promisify(inflateRaw)(Buffer.from([255, 255, 255]))],
  ["brotli", () => promisify(brotliDecompress)(Buffer.from("garbage, not brotli"))],
  ["brotli cut short", () => promisify(brotliDecompress)(brotliCompressSync(PACKED).subarray(0, 10))],
  ["Zstandard", () => promisify(zstdDecompress)(Buffer.from("garbage"))],
  ["Zstandard cut short", () => promisify(zstdDecompress)(zstdCompressSync(PACKED).subarray(0, 12))],
] as const;

for (const [what, unpack] of BODIES) {
  test(`calls a body malformed that is not ${what} as announced`, async () => {
    const error = await failureOf(unpack());
    assert.equal(classify("exchange", error).outcome, "exchange/malformed");
    assert.equal(classify("registry", error).outcome, "registry/unreadable");
  });
}

const SETTINGS_FRAME = frame({ type: 4, stream: 0, payload: [] });

const HTTP2 = [
  ["HTTP/1.1", Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"), "exchange/malformed"],
  ["a GOAWAY for an error", frame({ type: 7, stream: 0, payload: [0, 0, 0, 0, 0, 0, 0, 2] }), "exchange/malformed"],
  ["a refusal of the stream", frame({ type: 3, stream: 1, payload: [0, 0, 0, 7] }), "exchange/malformed"],
  [
    "headers that cannot be decoded",
    frame({ type: 1, flags: 4, stream: 1, payload: [255, 255, 255] }),
    "exchange/malformed",
  ],
] as const;

for (const [what, answer, outcome] of HTTP2) {
  test(`calls it ${outcome} when an HTTP/2 server sends ${what}`, async (t) => {
    const port = await serve(t, (socket) => {
      socket.once("data", () => socket.write(what === "HTTP/1.1" ? answer : Buffer.concat([SETTINGS_FRAME, answer])));
    });
    assert.equal(classify("exchange", await streamFailure(t, port)).outcome, outcome);
  });
}

test("calls it exchange/closed when an HTTP/2 server resets the connection", async (t) => {
  const port = await serve(t, (socket) => socket.once("data", () => socket.resetAndDestroy()));
  assert.equal(classify("exchange", await streamFailure(t, port)).outcome, "exchange/closed");
});

test("calls it exchange/send-failed to write where the other side has ended", async (t) => {
  const port = await serve(t, (socket) => socket.end());
  const socket = await open(port);
  socket.resume();
  await once(socket, "end");
  const error = await new Promise((resolve) => socket.write("too late", resolve));
  assert.equal(classify("exchange", error).outcome, "exchange/send-failed");
});

test("calls it exchange/closed to read from a socket that was destroyed", async (t) => {
  const port = await serve(t, (socket) => socket.resume());
  const socket = await open(port);
  const reading = failureOf(socket.toArray());
  socket.destroy();
  assert.equal(classify("exchange", await reading).outcome, "exchange/closed");
});

/** A frame of HTTP/2 (RFC 9113 §4.1). */
function frame({
  type,
  flags = 0,
  stream,
  payload,
}: {
  readonly type: number;
  readonly flags?: number;
  readonly stream: number;
  readonly payload: readonly number[];
}): Buffer {
  return Buffer.from([0, 0, payload.length, type, flags, 0, 0, 0, stream, ...payload]);
}

interface RequestOptions {
  readonly headersTimeout?: number;
  readonly maxResponseSize?: number;
  readonly signal?: AbortSignal;
}

async function requestFailure(t: TestContext, port: number, options: RequestOptions = {}): Promise<unknown> {
  const { maxResponseSize = -1, signal = null, headersTimeout = 5000 } = options;
  const client = new Client(`http://127.0.0.1:${port}`, { maxResponseSize });
  t.after(() => client.destroy());
  return failureOf(
    client.request({ path: "/", method: "GET", headersTimeout, signal }).then(({ body }) => body.text()),
  );
}

async function streamFailure(t: TestContext, port: number): Promise<unknown> {
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  t.after(() => session.destroy());
  session.on("error", (error) => t.diagnostic(error.message));
  const [error] = await once(session.request({ ":path": "/" }), "error");
  return error;
}

function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => assert.fail("Expected a failure"),
    (error: unknown) => error,
  );
}

function open(port: number): Promise<Socket> {
  return connect({ ip: "127.0.0.1", port }, { signal: new AbortController().signal });
}

async function serve(t: TestContext, answer: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    answer(socket);
  });
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return address !== null && typeof address === "object" ? address.port : 0;
}
