import assert from "node:assert/strict";
import { test } from "node:test";
import { DER, derChildren, derElements, derObjectIdentifier, derTime } from "../../src/network/certificate-der.ts";

const bytes = (hex: string) => Buffer.from(hex, "hex");
const element = (hex: string) => derElements(bytes(hex))[0];

test("reads values one after the other", () => {
  const elements = derElements(bytes("020105040261620500"));
  assert.deepEqual(
    elements.map(({ tag, content }) => [tag, content.toString("hex")]),
    [
      [2, "05"],
      [4, "6162"],
      [5, ""],
    ],
  );
});

test("reads lengths of several bytes", () => {
  const content = Buffer.alloc(300, 7);
  const [long] = derElements(Buffer.concat([bytes("0482012c"), content]));
  assert.deepEqual(long?.content, content);
});

test("refuses what is no DER", () => {
  for (const hex of ["04", "0405aa", "048000", "0485000000000100", "048201", "1f8101"]) {
    assert.throws(() => derElements(bytes(hex)), Error, hex);
  }
  assert.throws(() => derChildren(bytes("0500"), DER.sequence), Error);
  assert.throws(() => derChildren(bytes("30000500"), DER.sequence), Error);
});

test("reads object identifiers", () => {
  assert.equal(derObjectIdentifier(element("0603550403")), "2.5.4.3");
  assert.equal(derObjectIdentifier(element("06092a864886f70d010901")), "1.2.840.113549.1.9.1");
  assert.equal(derObjectIdentifier(element("0603883703")), "2.999.3");
  assert.throws(() => derObjectIdentifier(element(`0641${"81".repeat(65)}`)), Error);
});

test("reads dates", () => {
  assert.equal(derTime(time("17", "260102030405Z")), Date.UTC(2026, 0, 2, 3, 4, 5) / 1000);
  assert.equal(derTime(time("17", "491231235959Z")), Date.UTC(2049, 11, 31, 23, 59, 59) / 1000);
  assert.equal(derTime(time("17", "500101000000Z")), Date.UTC(1950, 0, 1) / 1000);
  assert.equal(derTime(time("18", "20510102030405Z")), Date.UTC(2051, 0, 2, 3, 4, 5) / 1000);
  for (const text of ["260102030405", "2601020304Z", "261302030405Z", "2601020304+5Z"]) {
    assert.throws(() => derTime(time("17", text)), Error, text);
  }
});

function time(tag: string, text: string) {
  return element(`${tag}${text.length.toString(16).padStart(2, "0")}${Buffer.from(text).toString("hex")}`);
}
