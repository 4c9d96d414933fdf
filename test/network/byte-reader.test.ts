import assert from "node:assert/strict";
import { Duplex, PassThrough } from "node:stream";
import { test } from "node:test";
import { ByteReader } from "../../src/network/byte-reader.ts";

void test("keeps what was not taken, across any number of pieces", async () => {
  const stream = new PassThrough();
  using reader = new ByteReader(stream);
  const written = "abcdefghij".repeat(2000);

  for (const letter of written) stream.write(letter);
  while (reader.held.length < written.length) assert.equal(await reader.more(), true);

  assert.equal(reader.take(5).toString(), "abcde");
  assert.equal(reader.held.toString(), written.slice(5));
});

void test("tells the end, again and again", async () => {
  const stream = new PassThrough();
  using reader = new ByteReader(stream);

  stream.end("last");

  assert.equal(await reader.more(), true);
  assert.equal(await reader.more(), false);
  assert.equal(await reader.more(), false);
  assert.equal(reader.held.toString(), "last");
});

void test("hands over what came before the stream broke, then throws its error", async () => {
  const stream = new PassThrough();
  using reader = new ByteReader(stream);

  // As sockets have it: an error is emitted after the reader has thrown it and left.
  stream.on("error", () => undefined);
  stream.write("last words");
  assert.equal(await reader.more(), true);
  stream.destroy(new Error("broken"));

  await assert.rejects(reader.more(), /broken/);
});

void test("throws when the stream is closed before its end", async () => {
  const stream = new PassThrough();
  using reader = new ByteReader(stream);
  const waiting = reader.more();

  stream.destroy();

  await assert.rejects(waiting, { code: "ERR_STREAM_PREMATURE_CLOSE" });
});

void test("gives up on silence, and on that alone", async () => {
  const stream = new PassThrough();
  using reader = new ByteReader(stream);

  const silent = await reader.moreWithin(0.01);
  stream.write("a");
  const spoken = await reader.moreWithin(10);

  stream.end();
  const ended = await reader.moreWithin(10);

  assert.deepEqual([silent, spoken, ended], ["nothing", "more", "end"]);
});

void test("leaves to the next reader what it was not asked for", async () => {
  const stream = new PassThrough();
  {
    using reader = new ByteReader(stream);
    stream.write("a");
    assert.equal(await reader.more(), true);
  }
  stream.write("b");
  using next = new ByteReader(stream);

  assert.equal(await next.more(), true);
  assert.equal(next.held.toString(), "b");
  assert.equal(stream.listenerCount("readable"), 1);
  assert.equal(stream.listenerCount("end"), 1);
});

void test("reads no further ahead than the stream's own buffer", async () => {
  let pushed = 0;
  const endless = new Duplex({
    read() {
      pushed += 1000;
      this.push(Buffer.alloc(1000));
    },
    write: (_chunk, _encoding, done) => done(),
  });
  using reader = new ByteReader(endless);

  assert.equal(await reader.more(), true);

  assert.ok(pushed <= 2 * endless.readableHighWaterMark + 2000, `read ${pushed} bytes ahead`);
});
