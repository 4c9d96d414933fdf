import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { test } from "node:test";
import zlib from "node:zlib";
import { head } from "../../faults/servers/answers.ts";
import { startHttpServer } from "../../faults/servers/http-server.ts";
import { eventually } from "../../support/eventually.ts";
import { measured, probeHttp } from "./probe-http.ts";
import { startWebServer } from "./web-server.ts";

const TEXT = "hello ".repeat(1000);

const ENCODERS = {
  gzip: zlib.gzipSync,
  br: zlib.brotliCompressSync,
  deflate: zlib.deflateRawSync,
  zstd: zlib.zstdCompressSync,
} as const;

test("decodes every compression and asks for it", async () => {
  for (const [compression, encode] of Object.entries(ENCODERS)) {
    const encoded = encode(TEXT);
    await using server = await startWebServer({ headers: { "content-length": String(encoded.length) }, body: encoded });
    const report = await probeHttp(server.url, { compression, fail_if_body_not_matches_regexp: ["^(hello ){1000}$"] });
    assert.deepEqual([report.outcome, report.detail], ["success", ""], compression);
    assert.equal(measured(report, "probe_http_content_length"), encoded.length);
    assert.equal(measured(report, "probe_http_uncompressed_body_length"), TEXT.length);
    assert.equal(server.received[0]?.headers["accept-encoding"], compression);
  }
  await using plain = await startWebServer({ body: TEXT });
  assert.equal((await probeHttp(plain.url, { compression: "identity" })).outcome, "success");
});

test("says malformed for what is not compressed as configured, however it is broken", async () => {
  for (const [compression, encode] of Object.entries(ENCODERS)) {
    const encoded = encode(TEXT);
    for (const body of [Buffer.from("this is plain text"), encoded.subarray(0, encoded.length - 3)]) {
      await using server = await startWebServer({ body });
      const report = await probeHttp(server.url, { compression });
      assert.equal(report.outcome, "exchange/malformed", compression);
      assert.match(report.detail, new RegExp(`cannot be decoded as ${compression}`));
      await eventually(() => assert.equal(server.connections(), 0));
    }
  }
});

test("judges the status of an error page that is not compressed before its encoding", async () => {
  await using server = await startWebServer({ status: 503, body: "out of order" });
  const report = await probeHttp(server.url, { compression: "gzip" });
  assert.equal(report.outcome, "content/status-not-allowed");
});

test("decodes no body where there is none", async () => {
  await using server = await startWebServer({ status: 204 });
  assert.equal((await probeHttp(server.url, { compression: "gzip" })).outcome, "success");
  assert.equal((await probeHttp(server.url, { compression: "zstd", method: "HEAD" })).outcome, "success");
});

test("accepts a body of exactly the limit and refuses one byte more", async () => {
  for (const size of [1024, 1025]) {
    await using server = await startWebServer({ body: "a".repeat(size) });
    const report = await probeHttp(server.url, { body_size_limit: "1KB" });
    assert.equal(report.outcome, size === 1024 ? "success" : "content/too-large");
    assert.equal(measured(report, "probe_http_uncompressed_body_length"), 1024);
  }
});

test("applies the limit to the decoded body, so that a bomb ends early and costs little memory", async () => {
  const gigabyte = 1024 ** 3;
  for (const compression of ["gzip", "br", "zstd"] as const) {
    const bomb = await compressedZeros(compression, gigabyte);
    await using server = await startWebServer({ body: bomb });
    const report = await probeHttp(server.url, { compression, body_size_limit: "10MB" });
    assert.equal(report.outcome, "content/too-large", compression);
    assert.match(report.detail, /body_size_limit \(10485760 bytes\)/);
    assert.equal(measured(report, "probe_http_uncompressed_body_length"), 10 * 1024 ** 2);
    await eventually(() => assert.equal(server.connections(), 0));
  }
});

test("keeps no more than 16 MiB for checks, limit or not", async () => {
  const bomb = await compressedZeros("gzip", 64 * 1024 ** 2);
  await using server = await startWebServer({ body: bomb });
  const report = await probeHttp(server.url, { compression: "gzip", required_words: ["never there"] });
  assert.equal(report.outcome, "content/too-large");
  assert.match(report.detail, /16777216 bytes that checks can look at/);
  const counted = await probeHttp(server.url, { compression: "gzip" });
  assert.equal(counted.outcome, "success");
  assert.equal(measured(counted, "probe_http_uncompressed_body_length"), 64 * 1024 ** 2);
});

test("reads an endless body until the deadline without keeping it", async () => {
  await using server = await startHttpServer((socket) => {
    socket.write(head(200, { Connection: "close" }));
    pour(socket, Buffer.alloc(64 * 1024));
  });
  const before = process.memoryUsage().arrayBuffers;
  const report = await probeHttp(`http://${server.host}:${server.port}`, {}, { timeoutSeconds: 0.5 });
  assert.equal(report.outcome, "exchange/timeout");
  assert.ok((measured(report, "probe_http_uncompressed_body_length") ?? 0) > 1024 ** 2);
  assert.ok(process.memoryUsage().arrayBuffers - before < 64 * 1024 ** 2);
  await eventually(() => assert.equal(server.connections(), 0));
});

test("is decompressing when the deadline passes, and stops", async () => {
  const bomb = await compressedZeros("gzip", 4 * 1024 ** 3);
  await using server = await startWebServer({ body: bomb });
  const report = await probeHttp(server.url, { compression: "gzip" }, { timeoutSeconds: 0.3 });
  assert.equal(report.outcome, "exchange/timeout");
  await eventually(() => assert.equal(server.connections(), 0));
});

/** So many zeros, made without ever having them in memory at once. */
async function compressedZeros(compression: "gzip" | "br" | "zstd", bytes: number): Promise<Buffer> {
  const member = ENCODERS[compression](Buffer.alloc(Math.min(bytes, 32 * 1024 ** 2)));
  // Members of gzip and frames of zstd may follow each other; Brotli has one stream, which is made piece by piece.
  if (compression !== "br")
    return Buffer.concat(Array.from({ length: Math.max(1, bytes / (32 * 1024 ** 2)) }, () => member));
  const encoder = zlib.createBrotliCompress({ params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } });
  const pieces: Buffer[] = [];
  encoder.on("data", (piece: Buffer) => pieces.push(piece));
  for (let sent = 0; sent < bytes / 8; sent += 1024 ** 2) encoder.write(Buffer.alloc(1024 ** 2));
  encoder.end();
  await new Promise((resolve) => encoder.on("end", resolve));
  return Buffer.concat(pieces);
}

function pour(socket: Socket, piece: Buffer): void {
  const write = (): void => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on("drain", write);
  write();
}
