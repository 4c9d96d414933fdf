import { gzipSync } from "node:zlib";
import type { Fault } from "../fault.ts";
import { always, head, writeForever } from "../servers/answers.ts";
import { startHttpServer } from "../servers/http-server.ts";
import { startStreamServer } from "../servers/stream-server.ts";
import { httpFault } from "./http-fault.ts";

/** Short where the fault is that the deadline passes; long enough for a connection on a busy machine. */
const UNTIL_DEADLINE = { timeout: "1500ms" };

const LIMIT = { body_size_limit: "64KB" };

/** How a response may fail to arrive. */
export const EXCHANGE_FAULTS: readonly Fault[] = [
  httpFault({
    name: "a server that accepts and stays silent",
    outcome: "exchange/timeout",
    module: UNTIL_DEADLINE,
    start: () => startStreamServer(() => undefined),
  }),
  httpFault({
    name: "a server that stops in the middle of a response",
    outcome: "exchange/timeout",
    module: UNTIL_DEADLINE,
    start: () => startHttpServer((socket) => socket.write(`${head(200, { "Content-Length": "100" })}half`)),
  }),
  httpFault({
    name: "a server that sends one byte a second",
    outcome: "exchange/timeout",
    module: { timeout: "1200ms" },
    start: () =>
      startHttpServer((socket) => {
        socket.write(head(200, { "Content-Length": "100" }));
        const drip = setInterval(() => socket.write("."), 1000);
        socket.on("close", () => clearInterval(drip));
      }),
  }),
  httpFault({
    name: "a body without end",
    outcome: "exchange/timeout",
    module: UNTIL_DEADLINE,
    start: () =>
      startHttpServer((socket) => {
        socket.write(head(200, { Connection: "close" }));
        writeForever(socket, ".".repeat(16 * 1024));
      }),
  }),
  httpFault({
    name: "a server that hangs up at once",
    outcome: "exchange/closed",
    start: () => startStreamServer((socket) => socket.end()),
  }),
  httpFault({
    name: "a server that resets the connection when it is asked",
    outcome: "exchange/closed",
    start: () => startHttpServer((socket) => socket.resetAndDestroy()),
  }),
  httpFault({
    name: "a server that hangs up within the headers",
    outcome: "exchange/closed",
    start: () => startHttpServer((socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Le")),
  }),
  httpFault({
    name: "a server that hangs up within the body",
    outcome: "exchange/closed",
    start: () => startHttpServer((socket) => socket.end(`${head(200, { "Content-Length": "100" })}half`)),
  }),
  httpFault({
    name: "a server that hangs up within a chunk",
    outcome: "exchange/closed",
    start: () => startHttpServer((socket) => socket.end(`${head(200, { "Transfer-Encoding": "chunked" })}ff\r\nhalf`)),
  }),
  httpFault({
    name: "an answer that is not HTTP",
    outcome: "exchange/malformed",
    start: () => startHttpServer((socket) => socket.end("\u0000\u0001\u0002 this is not HTTP\r\n\r\n")),
  }),
  httpFault({
    name: "a greeting of another protocol",
    outcome: "exchange/malformed",
    start: () => startStreamServer((socket) => socket.write("220 mail.example ESMTP\r\n")),
  }),
  httpFault({
    name: "a chunk whose size is no number",
    outcome: "exchange/malformed",
    start: () =>
      startHttpServer((socket) => socket.end(`${head(200, { "Transfer-Encoding": "chunked" })}many\r\nbytes\r\n`)),
  }),
  httpFault({
    name: "headers without end",
    outcome: "exchange/malformed",
    start: () =>
      startHttpServer((socket) => {
        socket.write("HTTP/1.1 200 OK\r\n");
        writeForever(socket, `X-Filler: ${".".repeat(16 * 1024)}\r\n`);
      }),
  }),
  httpFault({
    name: "a body that is not the gzip that it should be",
    outcome: "exchange/malformed",
    http: { compression: "gzip" },
    start: () => startHttpServer(always({ headers: { "Content-Encoding": "gzip" }, body: "this is not gzip" })),
  }),
  httpFault({
    name: "a gzip that is cut short",
    outcome: "exchange/malformed",
    http: { compression: "gzip" },
    start: () =>
      startHttpServer(always({ headers: { "Content-Encoding": "gzip" }, body: gzipSync("some text").subarray(0, 15) })),
  }),
  httpFault({
    name: "a body larger than the limit",
    outcome: "content/too-large",
    http: LIMIT,
    start: () => startHttpServer(always({ body: ".".repeat(64 * 1024 + 1) })),
  }),
  httpFault({
    name: "a body without end under a limit",
    outcome: "content/too-large",
    http: LIMIT,
    start: () =>
      startHttpServer((socket) => {
        socket.write(head(200, { Connection: "close" }));
        writeForever(socket, ".".repeat(16 * 1024));
      }),
  }),
  httpFault({
    name: "a decompression bomb",
    outcome: "content/too-large",
    http: { compression: "gzip", ...LIMIT },
    start: () => startHttpServer(always({ headers: { "Content-Encoding": "gzip" }, body: bomb() })),
  }),
];

/** 256 MiB of zeros in 256 KiB: gzip members may follow each other (RFC 1952 §2.2), so one is made and repeated. */
function bomb(): Buffer {
  const member = gzipSync(Buffer.alloc(1024 * 1024));
  return Buffer.concat(Array.from({ length: 256 }, () => member));
}
