import assert from "node:assert/strict";
import { test } from "node:test";
import { apopDigest, readTimestamp } from "../../../src/probers/pop3/apop.ts";
import { offersMechanism, parseCapabilities } from "../../../src/probers/pop3/capabilities.ts";
import { parseDropListing } from "../../../src/probers/pop3/drop-listing.ts";
import { parseReply } from "../../../src/probers/pop3/reply.ts";

void test("a reply is read with its extended response code", () => {
  assert.deepEqual(parseReply("+OK"), { status: "ok", code: "", text: "" });
  assert.deepEqual(parseReply("+OK 2 320"), { status: "ok", code: "", text: "2 320" });
  assert.deepEqual(parseReply("-ERR [in-use] locked"), { status: "error", code: "IN-USE", text: "[in-use] locked" });
  assert.deepEqual(parseReply("-ERR [SYS/TEMP] later"), {
    status: "error",
    code: "SYS/TEMP",
    text: "[SYS/TEMP] later",
  });
  assert.deepEqual(parseReply("+ "), { status: "challenge", code: "", text: "" });
  assert.deepEqual(parseReply("+ PDE+"), { status: "challenge", code: "", text: "PDE+" });
});

for (const line of [
  "",
  "OK",
  "+ok",
  "+OKAY",
  "-ERROR",
  " +OK",
  "220 ready",
  "* OK ready",
  "HTTP/1.1 400 Bad Request",
]) {
  void test(`${JSON.stringify(line)} is no reply`, () => {
    assert.equal(parseReply(line), undefined);
  });
}

void test("brackets that hold no response code stay text", () => {
  for (const text of ["[]", "[two words]", `[${"A".repeat(33)}]`, "[open", "no [code] here"]) {
    assert.equal(parseReply(`-ERR ${text}`)?.code, "");
  }
});

void test("the digest of APOP is that of the example in RFC 1939", () => {
  const timestamp = readTimestamp("POP3 server ready <1896.697170952@dbc.mtview.ca.us>");

  assert.equal(timestamp, "<1896.697170952@dbc.mtview.ca.us>");
  assert.equal(apopDigest(timestamp, "tanstaaf"), "c4c9334bac560ecc979e58001b3e22fb");
});

void test("what is no message identifier is no timestamp", () => {
  for (const text of [
    "ready",
    "<ready>",
    "<@host>",
    "<one@>",
    "<one two@host>",
    "<a@b@c>",
    "<é@host>",
    "<a\u0001@host>",
  ]) {
    assert.equal(readTimestamp(text), undefined, text);
  }
});

void test("capabilities are read with their parameters, whatever the case of their tags", () => {
  const capabilities = parseCapabilities(["TOP", "sasl PLAIN  cram-md5", "", "EXPIRE 60 USER", "=odd="]);

  assert.deepEqual(
    [...capabilities],
    [
      ["TOP", ""],
      ["SASL", "PLAIN  cram-md5"],
      ["EXPIRE", "60 USER"],
    ],
  );
  assert.equal(offersMechanism(capabilities, "PLAIN"), true);
  assert.equal(offersMechanism(capabilities, "CRAM-MD5"), true);
  assert.equal(offersMechanism(capabilities, "LOGIN"), false);
});

void test("a server that lists capabilities without end is believed the first fifty", () => {
  const lines = Array.from({ length: 51 }, (_, index) => `X-${index}`);

  assert.equal(parseCapabilities(lines.slice(1)).size, 50);
  assert.equal(parseCapabilities(lines).size, 50);
});

void test("the listing of a maildrop is two numbers, whatever follows them", () => {
  assert.deepEqual(parseDropListing("2 320"), { messages: 2, bytes: 320 });
  assert.deepEqual(parseDropListing("0 0 octets"), { messages: 0, bytes: 0 });
  for (const text of ["", "2", "2 ", "two 320", "-1 320", "2 3e5", "1234567890123456 1"]) {
    assert.equal(parseDropListing(text), undefined, text);
  }
});
