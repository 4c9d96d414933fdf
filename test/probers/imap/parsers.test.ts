import assert from "node:assert/strict";
import { test } from "node:test";
import { readCapabilities } from "../../../src/probers/imap/capabilities.ts";
import { encodeCommand } from "../../../src/probers/imap/command.ts";
import { encodeMailboxName } from "../../../src/probers/imap/mailbox-name.ts";
import { readMailboxStatus } from "../../../src/probers/imap/mailbox-status.ts";
import { type Data, literalSize, mayHoldLiterals, parseResponse } from "../../../src/probers/imap/response.ts";
import { parseTokens } from "../../../src/probers/imap/tokens.ts";

void test("a greeting is a condition without a tag", () => {
  assert.deepEqual(parseResponse("* OK [CAPABILITY IMAP4rev1] ready"), {
    kind: "condition",
    tag: "*",
    status: "OK",
    code: "CAPABILITY",
    text: "[CAPABILITY IMAP4rev1] ready",
  });
  assert.deepEqual(parseResponse("* preauth"), { kind: "condition", tag: "*", status: "PREAUTH", code: "", text: "" });
});

void test("the end of a command is a condition with its tag", () => {
  assert.deepEqual(parseResponse("a3 NO [AUTHENTICATIONFAILED] no such user"), {
    kind: "condition",
    tag: "a3",
    status: "NO",
    code: "AUTHENTICATIONFAILED",
    text: "[AUTHENTICATIONFAILED] no such user",
  });
});

void test("a continuation is read with and without its text", () => {
  assert.deepEqual(parseResponse("+ go on"), { kind: "continuation", text: "go on" });
  assert.deepEqual(parseResponse("+ "), { kind: "continuation", text: "" });
  assert.deepEqual(parseResponse("+"), { kind: "continuation", text: "" });
});

void test("data is read with its lists, quoted strings and literals", () => {
  assert.deepEqual(parseResponse('* STATUS "my \\"box\\" \\\\" (MESSAGES 3 UNSEEN 1)'), {
    kind: "data",
    name: "STATUS",
    tokens: ['my "box" \\', ["MESSAGES", "3", "UNSEEN", "1"]],
  });
  assert.deepEqual(parseResponse("* status {7}\r\na) \r\n(b (MESSAGES 3)"), {
    kind: "data",
    name: "STATUS",
    tokens: ["a) \r\n(b", ["MESSAGES", "3"]],
  });
  assert.deepEqual(parseResponse("* 3 EXISTS"), { kind: "data", name: "3", tokens: ["EXISTS"] });
});

const NO_RESPONSES = ["", "*", "* ", "* ()", "+OK ready", "220 ready", "HTTP/1.1 400 Bad Request", "a1", '* LIST "a'];
for (const text of [...NO_RESPONSES, "* STATUS a (MESSAGES 1", "* STATUS a MESSAGES 1)", "* STATUS {9}\r\nshort"]) {
  void test(`${JSON.stringify(text)} is no response`, () => {
    assert.equal(parseResponse(text), undefined);
  });
}

void test("lists within lists end somewhere", () => {
  assert.notEqual(parseTokens(`${"(".repeat(10)}${")".repeat(10)}`), undefined);
  assert.equal(parseTokens(`${"(".repeat(11)}${")".repeat(11)}`), undefined);
});

void test("a literal is announced at the end of a line", () => {
  assert.equal(literalSize("* STATUS {5}"), 5);
  assert.equal(literalSize("* STATUS ~{0}"), 0);
  assert.equal(literalSize("* STATUS {999999999999999}"), 999_999_999_999_999);
  for (const line of ["* STATUS {-1}", "* STATUS {5} ", "* STATUS {}", '* STATUS "{5}"']) {
    assert.equal(literalSize(line), undefined, line);
  }
});

void test("text for people holds no literals, whatever it ends with", () => {
  assert.equal(mayHoldLiterals("* STATUS {5}"), true);
  for (const line of ["* OK welcome {5}", "a1 NO never {5}", "+ go on {5}"]) {
    assert.equal(mayHoldLiterals(line), false, line);
  }
});

void test("the numbers of a mailbox are read, and nothing else", () => {
  const status = statusOf("* STATUS INBOX (messages 17 UIDNEXT 4294967295 MAILBOXID (F1) UNSEEN -1 RECENT)");

  assert.deepEqual(
    [...(status ?? [])],
    [
      ["MESSAGES", 17],
      ["UIDNEXT", 4_294_967_295],
    ],
  );
  assert.equal(statusOf("* STATUS INBOX"), undefined);
  assert.equal(statusOf("* LIST () NIL INBOX"), undefined);
});

function statusOf(text: string): ReturnType<typeof readMailboxStatus> {
  return readMailboxStatus(dataOf(text));
}

function dataOf(text: string): Data {
  const response = parseResponse(text);
  assert.equal(response?.kind, "data");
  return response;
}

void test("capabilities are read in upper case, and only what names one", () => {
  const data = ['* CAPABILITY imap4rev1 AUTH=PLAIN (list) "two words" APPENDLIMIT=35651584', "* 3 EXISTS"].map(dataOf);

  assert.deepEqual([...(readCapabilities(data) ?? [])], ["IMAP4REV1", "AUTH=PLAIN", "APPENDLIMIT=35651584"]);
  assert.equal(readCapabilities(data.slice(1)), undefined);
});

void test("a server that lists capabilities without end is believed the first hundred", () => {
  const names = Array.from({ length: 101 }, (_, index) => `X-${index}`);

  assert.equal(readCapabilities([dataOf(`* CAPABILITY ${names.join(" ")}`)])?.size, 100);
});

void test("names of mailboxes are sent in modified UTF-7", () => {
  assert.equal(encodeMailboxName("INBOX"), "INBOX");
  assert.equal(encodeMailboxName("R&D"), "R&-D");
  assert.equal(encodeMailboxName("Entwürfe"), "Entw&APw-rfe");
  // The examples of RFC 3501.
  assert.equal(encodeMailboxName("~peter/mail/台北/日本語"), "~peter/mail/&U,BTFw-/&ZeVnLIqe-");
  assert.equal(encodeMailboxName("Hi Mom -☺-!"), "Hi Mom -&Jjo--!");
});

void test("a command is one line where its strings can be quoted", () => {
  const lines = encodeCommand("a1", ["LOGIN", { text: "some one" }, { text: 'a"b\\c' }]);

  assert.deepEqual(lines, ['a1 LOGIN "some one" "a\\"b\\\\c"']);
});

void test("strings that cannot be quoted are literals, for which the server is asked", () => {
  const lines = encodeCommand("a1", ["LOGIN", { text: "müller" }, { text: "x".repeat(1001) }, "MORE"]);

  assert.deepEqual(lines, ["a1 LOGIN {7}", "müller {1001}", `${"x".repeat(1001)} MORE`]);
});
