import assert from "node:assert/strict";
import { test } from "node:test";
import { ProbeFailure } from "../../../src/outcome/probe-failure.ts";
import { frameMessage, unframeMessage } from "../../../src/probers/grpc/message-frame.ts";

void test("frames a message with a flag and its length", () => {
  assert.deepEqual(frameMessage(Buffer.from("abc")), Buffer.from("\0\0\0\0\u0003abc"));
  assert.deepEqual(frameMessage(Buffer.alloc(0)), Buffer.alloc(5));
});

void test("takes the frame off again, also from an empty message", () => {
  assert.deepEqual(unframeMessage(Buffer.from("\0\0\0\0\u0003abc")), Buffer.from("abc"));
  assert.deepEqual(unframeMessage(Buffer.alloc(5)), Buffer.alloc(0));
});

for (const [title, body, detail] of [
  ["no message at all", "", /without an answer/],
  ["a frame that is cut off within its length", "\0\0\0", /found 3 bytes/],
  ["a message that is cut off", "\0\0\0\0\u0003ab", /of 3 bytes, found 2/],
  ["two messages", "\0\0\0\0\u0001a\0\0\0\0\u0001b", /6 bytes more/],
  ["a compressed message", "\u0001\0\0\0\u0001a", /compressed/],
  ["a flag that does not exist", "\u0002\0\0\0\u0001a", /flag of a message, found 2/],
  ["a length of four gigabytes", "\0\u00ff\u00ff\u00ff\u00ffa", /of 4294967295 bytes, found 1/],
] as const) {
  void test(`refuses ${title}`, () => {
    assert.throws(
      () => unframeMessage(Buffer.from(body, "latin1")),
      (error) => error instanceof ProbeFailure && error.outcome === "exchange/malformed" && detail.test(error.detail),
    );
  });
}
