import assert from "node:assert/strict";
import { test } from "node:test";
import { ProbeFailure } from "../../../src/outcome/probe-failure.ts";
import { decodeHealthStatus, encodeHealthRequest } from "../../../src/probers/grpc/health-message.ts";

void test("asks for the whole server with an empty message", () => {
  assert.equal(hex(encodeHealthRequest("")), "");
});

void test("asks for a service by field 1", () => {
  assert.equal(hex(encodeHealthRequest("shop.Cart")), "0a0973686f702e43617274");
});

void test("writes the length of a long name in two bytes", () => {
  const request = encodeHealthRequest("é".repeat(100));

  assert.equal(hex(request.subarray(0, 3)), "0ac801");
  assert.equal(request.length, 3 + 200);
});

for (const [title, bytes, status] of [
  ["an empty message is status 0", "", 0],
  ["a status is the number in field 1", "0801", 1],
  ["the last of several counts", "08010802", 2],
  ["unknown fields of every type are skipped", "10ac02 1903000000000000001a03616263 2501000000 0801 f8ff03 00", 1],
  ["a number that is longer than it needs to be counts", "08818000", 1],
  ["a negative number takes ten bytes", "08ffffffffffffffffff01", -1],
  ["only the lower half of 64 bits is an enumeration's", "08818080808001", 1],
] as const) {
  void test(title, () => {
    assert.equal(decodeHealthStatus(Buffer.from(bytes.replaceAll(" ", ""), "hex")), status);
  });
}

for (const [title, bytes] of [
  ["a tag without a value", "08"],
  ["a number that is cut off", "0880"],
  ["a number of eleven bytes", "08ffffffffffffffffffff01"],
  ["a text that is cut off", "120361"],
  ["a text of a length that nothing can have", "12ffffffffffffffffff01"],
  ["eight bytes that are cut off", "1900000000000000"],
  ["four bytes that are cut off", "15000000"],
  ["a group", "0b0c"],
  ["a type that does not exist", "0f"],
  ["field 0", "0001"],
  ["a status that is a text", "0a0101"],
] as const) {
  void test(`refuses ${title}`, () => {
    assert.throws(
      () => decodeHealthStatus(Buffer.from(bytes, "hex")),
      (error) => error instanceof ProbeFailure && error.outcome === "exchange/malformed",
    );
  });
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
