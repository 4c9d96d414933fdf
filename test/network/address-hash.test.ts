import assert from "node:assert/strict";
import { test } from "node:test";
import { addressHash } from "../../src/network/address-hash.ts";

test("hashes the four bytes of an IPv4 address", () => {
  assert.equal(addressHash("0.0.0.0"), 0x4b95f515);
  assert.equal(addressHash("127.0.0.1"), fnv([127, 0, 0, 1]));
  assert.equal(addressHash("255.254.253.252"), fnv([255, 254, 253, 252]));
});

test("hashes the sixteen bytes of an IPv6 address, however it is written", () => {
  const expected = fnv([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12, 0x34]);
  assert.equal(addressHash("2001:db8::1234"), expected);
  assert.equal(addressHash("2001:0DB8:0:0:0:0:0:1234"), expected);
  assert.equal(addressHash("2001:db8::0.0.18.52"), expected);
  assert.equal(addressHash("::1"), fnv([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]));
  assert.equal(addressHash("fe80::"), fnv([0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
});

test("counts a v4-mapped address as IPv4", () => {
  assert.equal(addressHash("::ffff:192.0.2.1"), addressHash("192.0.2.1"));
  assert.equal(addressHash("::ffff:c000:201"), addressHash("192.0.2.1"));
});

test("leaves a zone out", () => {
  assert.equal(addressHash("fe80::1%eth0"), addressHash("fe80::1"));
});

test("refuses what is no address", () => {
  assert.throws(() => addressHash("example.com"), TypeError);
});

/** The function by its definition (RFC 9923), in big integers so that it shares nothing with the implementation. */
function fnv(bytes: readonly number[]): number {
  return Number(bytes.reduce((hash, byte) => ((hash ^ BigInt(byte)) * 16_777_619n) % 2n ** 32n, 2_166_136_261n));
}
