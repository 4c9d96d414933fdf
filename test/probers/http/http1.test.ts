import assert from "node:assert/strict";
import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import { test } from "node:test";
import { ProbeFailure } from "../../../src/outcome/probe-failure.ts";
import { exchangeOverHttp1 } from "../../../src/probers/http/http1.ts";
import type { Flow, ResponseHead } from "../../../src/probers/http/message.ts";
import { startStreamServer } from "../../faults/servers/stream-server.ts";
import { eventually } from "../../support/eventually.ts";

interface Seen {
  readonly head: ResponseHead | undefined;
  readonly body: string;
  /** What the server got. */
  readonly request: string;
  readonly failure: ProbeFailure | undefined;
}

interface Options {
  readonly method?: string;
  readonly body?: Uint8Array;
  readonly headers?: readonly string[];
  readonly upgrade?: string;
  readonly onHead?: (flow: Flow) => void;
  readonly signal?: AbortSignal;
}

/** One exchange with a server that answers the first bytes it gets by `answer`. */
async function exchangeWith(answer: (socket: Socket) => void, options: Options = {}): Promise<Seen> {
  let request = "";
  await using server = await startStreamServer((peer) => {
    peer.once("data", () => answer(peer));
    peer.on("data", (chunk) => (request += chunk.toString("latin1")));
  });
  const socket = createConnection({ host: server.host, port: server.port });
  await once(socket, "connect");
  socket.on("error", () => socket.destroy());
  let head: ResponseHead | undefined;
  let body = "";
  const failure = await failureOf(
    exchangeOverHttp1(socket, {
      method: options.method ?? "GET",
      scheme: "http",
      authority: "shop.example",
      path: "/path?query",
      headers: options.headers ?? [],
      body: options.body,
      upgrade: options.upgrade,
      signal: options.signal ?? new AbortController().signal,
      receiver: {
        started() {},
        head(given, flow) {
          head = given;
          options.onHead?.(flow);
        },
        chunk: (bytes) => (body += bytes.toString("latin1")),
      },
    }),
  );
  assert.ok(socket.destroyed);
  await eventually(() => assert.equal(server.connections(), 0));
  return { head, body, request, failure };
}

async function failureOf(work: Promise<void>): Promise<ProbeFailure | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof ProbeFailure) return error;
    throw error;
  }
}

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: 1\r\nX-A: 2\r\n\r\nhello";

test("sends one request and asks for the connection to be closed", async () => {
  const { request } = await exchangeWith((socket) => socket.end(OK), {
    method: "POST",
    body: Buffer.from("a=b"),
    headers: ["x-one", "1", "x-one", "2"],
  });
  const lines = request.split("\r\n");
  assert.equal(lines[0], "POST /path?query HTTP/1.1");
  assert.deepEqual(
    new Set(lines.slice(1)),
    new Set(["host: shop.example", "connection: close", "x-one: 1", "x-one: 2", "content-length: 3", "", "a=b"]),
  );
});

test("yields head and body, values of a repeated header one by one", async () => {
  const { head, body, failure } = await exchangeWith((socket) => socket.write(OK));
  assert.equal(failure, undefined);
  assert.deepEqual(
    { ...head, headers: { ...head?.headers } },
    { status: 200, reason: "OK", version: "HTTP/1.1", headers: { "content-length": "5", "x-a": ["1", "2"] } },
  );
  assert.equal(body, "hello");
});

test("reads HTTP/1.0, bodies that end with the connection, and chunks with trailers", async () => {
  const old = await exchangeWith((socket) => socket.end("HTTP/1.0 404 Not Found\r\n\r\nnothing"));
  assert.deepEqual([old.head?.version, old.head?.status, old.body], ["HTTP/1.0", 404, "nothing"]);
  const chunked = await exchangeWith((socket) =>
    socket.end("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n1\r\n!\r\n0\r\nX-T: 1\r\n\r\n"),
  );
  assert.equal(chunked.body, "hello!");
});

test("passes over informational responses", async () => {
  const early = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
  const { head, body } = await exchangeWith((socket) => socket.end(early + OK));
  assert.deepEqual([head?.status, body], [200, "hello"]);
});

test("takes 101 as final where the request asked for another protocol", async () => {
  const { head, request } = await exchangeWith(
    (socket) =>
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n\u0081\u0001"),
    { upgrade: "websocket" },
  );
  assert.equal(head?.status, 101);
  assert.match(request, /connection: upgrade\r\nupgrade: websocket/);
});

test("ends where the receiver has had enough", async () => {
  const { head, body, failure } = await exchangeWith((socket) => socket.write(OK), { onHead: (flow) => flow.stop() });
  assert.deepEqual([head?.status, body, failure], [200, "", undefined]);
});

test("says closed wherever a response is cut short", async () => {
  const rest = "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
  for (const whole of [
    `HTTP/1.1 103 Early\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\n${rest}`,
    `HTTP/1.1 200 OK\r\nConnection: close\r\n${rest}`,
    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello",
  ]) {
    for (let length = 0; length < whole.length; length += 1) {
      const { failure } = await exchangeWith((socket) => socket.end(whole.slice(0, length)));
      assert.equal(failure?.outcome, "exchange/closed", JSON.stringify(whole.slice(0, length)));
    }
  }
});

test("says closed for a body shorter than its length", async () => {
  const { failure } = await exchangeWith((socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"));
  assert.equal(failure?.outcome, "exchange/closed");
  assert.match(failure.detail, /before the response was complete/);
});

test("takes no reset for the end of a body of unknown length", async () => {
  let peer: Socket | undefined;
  const work = exchangeWith(
    (socket) => {
      peer = socket;
      socket.write("HTTP/1.1 200 OK\r\n\r\nhalf");
    },
    { onHead: () => peer?.resetAndDestroy() },
  );
  await assert.rejects(work, { code: "ECONNRESET" });
});

test("says malformed, and what came, for what is no HTTP", async () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ["220 mail.example ESMTP\r\n", /220 mail\.example ESMTP/],
    ["\u0000\u0001\u0002", /"\.\.\."/],
    ["HTTP/2.0 200 OK\r\n\r\n", /HTTP\/2\.0 200 OK/],
    ["HTTP/1.1 abc\r\n\r\n", /HTTP\/1\.1 abc/],
    ["H\u0000TTP/1.1 200", /H\.TTP/],
    ["HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\n", /not HTTP/],
    ["HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", /contradict/],
    ["RTSP/1.0 200 OK\r\n\r\n", /not HTTP/],
    ["\r\nHTTP/1.1 200 OK\r\n\r\n", /not HTTP/],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nmany\r\n", /not HTTP/],
    ["HTTP/1.1 200 OK\r\nno colon\r\n\r\n", /not HTTP/],
  ];
  for (const [answer, detail] of cases) {
    const { failure } = await exchangeWith((socket) => socket.write(Buffer.from(answer, "latin1")));
    assert.equal(failure?.outcome, "exchange/malformed", JSON.stringify(answer));
    assert.match(failure.detail, detail);
  }
});

test("gives up on a header without end and on a flood of informational responses", async () => {
  const endless = await exchangeWith(pour(`X-Filler: ${"a".repeat(1000)}\r\n`, "HTTP/1.1 200 OK\r\n"));
  assert.equal(endless.failure?.outcome, "exchange/malformed");
  assert.match(endless.failure.detail, /larger than 262144 bytes/);
  const flood = await exchangeWith(pour("HTTP/1.1 102 Processing\r\n\r\n"));
  assert.equal(flood.failure?.outcome, "exchange/malformed");
  assert.match(flood.failure.detail, /more than 16 informational/);
  const long = await exchangeWith(pour(`X-Filler: ${"a".repeat(1000)}\r\n`, "HTTP/1.1 103 Early Hints\r\n"));
  assert.equal(long.failure?.outcome, "exchange/malformed");
});

/** Writes `first`, then the piece again and again, as fast as the peer takes it. */
function pour(piece: string, first = ""): (socket: Socket) => void {
  return (socket) => {
    socket.write(first);
    const write = (): void => {
      while (!socket.destroyed && socket.write(piece));
    };
    socket.on("drain", write);
    write();
  };
}

test("says so when the connection breaks while the request is sent", async () => {
  const { failure } = await exchangeWith((socket) => socket.resetAndDestroy(), {
    method: "POST",
    body: Buffer.alloc(32 * 1024 * 1024),
  });
  assert.equal(failure?.outcome, "exchange/send-failed");
});

test("stops at an abort", async () => {
  const controller = new AbortController();
  const work = exchangeWith(() => controller.abort(new Error("time is up")), { signal: controller.signal });
  await assert.rejects(work, /time is up/);
});
