import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCapabilities } from "../../../src/probers/smtp/capabilities.ts";
import { parseMailbox } from "../../../src/probers/smtp/mailbox.ts";
import { chooseMechanism } from "../../../src/probers/smtp/mechanism.ts";
import { isLastLine, parseReply, replyText } from "../../../src/probers/smtp/reply.ts";

for (const [lines, reply] of [
  [["220 mail.test ready"], { code: 220, lines: ["mail.test ready"] }],
  [["250-mail.test", "250-", "250 SIZE 10"], { code: 250, lines: ["mail.test", "", "SIZE 10"] }],
  [["354"], { code: 354, lines: [""] }],
  [["250-one", "251 two"], undefined],
  [["250-one", "two"], undefined],
  [["SSH-2.0-OpenSSH_9.9"], undefined],
  [["HTTP/1.1 400 Bad Request"], undefined],
  [["120 too low"], undefined],
  [["620 too high"], undefined],
  [["2200 too long"], undefined],
  [["220"], { code: 220, lines: [""] }],
  [[""], undefined],
] as const) {
  void test(`reads the reply ${JSON.stringify(lines)}`, () => {
    assert.deepEqual(parseReply(lines), reply);
  });
}

for (const [line, isLast] of [
  ["250 ok", true],
  ["250-more", false],
  ["250", true],
  ["", true],
  ["SSH-2.0-x", true],
] as const) {
  void test(`${JSON.stringify(line)} is ${isLast ? "" : "not "}the last of its reply`, () => {
    assert.equal(isLastLine(line), isLast);
  });
}

void test("a reply is shown on one line", () => {
  assert.equal(replyText({ code: 550, lines: ["5.1.1 No such", "user"] }), "550 5.1.1 No such user");
  assert.equal(replyText({ code: 250, lines: [""] }), "250");
});

void test("reads capabilities whatever their case, and the mechanisms of both spellings once", () => {
  const lines = [
    "mail.test hello",
    "size 10240000",
    "Auth PLAIN login",
    "AUTH=LOGIN CRAM-MD5",
    "8BITMIME",
    " ",
    "?odd",
  ];

  const { keywords, mechanisms, sizeLimitBytes } = parseCapabilities(lines);

  assert.deepEqual([...keywords.keys()], ["SIZE", "AUTH", "8BITMIME"]);
  assert.deepEqual(mechanisms, ["PLAIN", "LOGIN", "CRAM-MD5"]);
  assert.equal(sizeLimitBytes, 10_240_000);
});

for (const size of ["SIZE", "SIZE 0", "SIZE many", "SIZE -5", `SIZE ${"9".repeat(20)}`]) {
  void test(`${size} names no limit`, () => {
    assert.equal(parseCapabilities(["mail.test", size]).sizeLimitBytes, undefined);
  });
}

void test("keeps no more than fifty capabilities, and no keyword of more than forty characters", () => {
  const many = Array.from({ length: 60 }, (_, index) => `X${index}`);

  assert.equal(parseCapabilities(["mail.test", ...many]).keywords.size, 50);
  assert.equal(parseCapabilities(["mail.test", "X".repeat(40), "X".repeat(41)]).keywords.size, 1);
});

for (const [text, address, needsUtf8] of [
  ["user@example.com", "user@example.com", false],
  ["first.last+tag@mail-1.example.com", "first.last+tag@mail-1.example.com", false],
  ['"a b@c"@example.com', '"a b@c"@example.com', false],
  ["user@[192.0.2.1]", "user@[192.0.2.1]", false],
  ["user@[IPv6:2001:db8::1]", "user@[IPv6:2001:db8::1]", false],
  ["user@localhost", "user@localhost", false],
  ["user@bücher.example", "user@xn--bcher-kva.example", false],
  ["jürgen@example.com", "jürgen@example.com", true],
  [`${"x".repeat(64)}@example.com`, `${"x".repeat(64)}@example.com`, false],
] as const) {
  void test(`${JSON.stringify(text)} is a mailbox`, () => {
    assert.deepEqual(parseMailbox(text), { address, needsUtf8 });
  });
}

for (const text of [
  "",
  "user",
  "@example.com",
  "user@",
  "a b@example.com",
  ".user@example.com",
  "us..er@example.com",
  '"open@example.com',
  "user@-example.com",
  "user@exa_mple.com",
  "user@example..com",
  "user@[192.0.2.256]",
  "user@[2001:db8::1]",
  "<user@example.com>",
  "user@example.com> NOTIFY=SUCCESS",
  "user@example.com\r\nRSET",
  "us\r\ner@example.com",
  '"us\ner"@example.com',
  "us\0er@example.com",
  "us\u0085er@example.com",
  "user@bü\r\ncher.example",
  "user@bü%0d%0acher.example",
  `${"x".repeat(65)}@example.com`,
  `user@${"x".repeat(64)}.example`,
  `user@${Array.from({ length: 5 }, () => "x".repeat(60)).join(".")}`,
]) {
  void test(`${JSON.stringify(text)} is no mailbox`, () => {
    assert.equal(parseMailbox(text), undefined);
  });
}

for (const [wanted, offered, encrypted, chosen] of [
  ["auto", ["CRAM-MD5", "LOGIN", "PLAIN"], true, "plain"],
  ["auto", ["CRAM-MD5", "LOGIN"], true, "login"],
  ["auto", ["CRAM-MD5", "LOGIN", "PLAIN"], false, "cram-md5"],
  ["auto", ["LOGIN", "PLAIN"], false, "plain"],
  ["auto", ["XOAUTH2", "GSSAPI"], true, undefined],
  ["auto", [], true, undefined],
  ["login", ["PLAIN", "LOGIN"], true, "login"],
  ["cram-md5", ["PLAIN", "LOGIN"], true, undefined],
  ["xoauth2", ["PLAIN", "XOAUTH2"], true, "xoauth2"],
] as const) {
  const where = encrypted ? "within TLS" : "in the clear";
  void test(`takes ${chosen ?? "nothing"} where ${wanted} is wanted and ${offered.join(" ")} offered ${where}`, () => {
    assert.equal(chooseMechanism({ wanted, offered, encrypted }), chosen);
  });
}
