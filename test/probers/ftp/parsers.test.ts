import assert from "node:assert/strict";
import { test } from "node:test";
import { countEntries } from "../../../src/probers/ftp/count-entries.ts";
import { parseExtendedPassive, parsePassive } from "../../../src/probers/ftp/passive-port.ts";
import { isReplyEnd, parseReplyStart, replyKind, textOfReplyLine } from "../../../src/probers/ftp/reply.ts";

void test("a reply starts with a code, alone or before a blank or a hyphen", () => {
  assert.deepEqual(parseReplyStart("220 ready"), { code: 220, text: "ready", isLast: true });
  assert.deepEqual(parseReplyStart("220"), { code: 220, text: "", isLast: true });
  assert.deepEqual(parseReplyStart("220-first"), { code: 220, text: "first", isLast: false });
  assert.deepEqual(parseReplyStart("220- "), { code: 220, text: " ", isLast: false });
});

for (const line of [
  "",
  "22",
  "2200 ready",
  "220_ready",
  " 220 ready",
  "SSH-2.0",
  "099 low",
  "600 high",
  "+OK",
  "٢٢٠ x",
]) {
  void test(`is no reply: ${JSON.stringify(line)}`, () => {
    assert.equal(parseReplyStart(line), undefined);
  });
}

void test("a reply of several lines ends with its own code and no hyphen", () => {
  assert.equal(isReplyEnd("220 done", 220), true);
  assert.equal(isReplyEnd("220", 220), true);
  assert.equal(isReplyEnd("220-more", 220), false);
  assert.equal(isReplyEnd("230 other", 220), false);
  assert.equal(isReplyEnd(" 220 indented", 220), false);
});

void test("a line's text is what stands beside the reply's code", () => {
  assert.equal(textOfReplyLine("220-more", 220), "more");
  assert.equal(textOfReplyLine("220 last", 220), "last");
  assert.equal(textOfReplyLine("230 other", 220), "230 other");
});

void test("the first digit tells the kind of a reply", () => {
  const kinds = [150, 199, 200, 299, 331, 399, 421, 599].map((code) => replyKind({ code, lines: [] }));
  assert.deepEqual(kinds, [
    "preliminary",
    "preliminary",
    "done",
    "done",
    "intermediate",
    "intermediate",
    "refused",
    "refused",
  ]);
});

for (const [text, port] of [
  ["Entering Extended Passive Mode (|||6446|)", 6446],
  ["Entering Extended Passive Mode (!!!1!)", 1],
  ["|||65535|", 65_535],
  ["(|||0|)", undefined],
  ["(|||65536|)", undefined],
  ["(||6446|)", undefined],
  ["(|||6446!)", undefined],
  ["(|||-21|)", undefined],
  ["(1116446111)", undefined],
  ["", undefined],
] as const) {
  void test(`the port in the reply to EPSV ${JSON.stringify(text)} is ${port ?? "none"}`, () => {
    assert.equal(parseExtendedPassive(text), port);
  });
}

for (const [text, place] of [
  ["Entering Passive Mode (192,168,1,100,10,229)", { ip: "192.168.1.100", port: 2789 }],
  ["Entering Passive Mode 10, 0, 0, 1, 0, 1.", { ip: "10.0.0.1", port: 1 }],
  ["(127,0,0,1,255,255)", { ip: "127.0.0.1", port: 65_535 }],
  ["(127,0,0,1,0,0)", undefined],
  ["(127,0,0,1,256,0)", undefined],
  ["(127,0,0,256,1,1)", undefined],
  ["(127,0,0,1,1)", undefined],
  ["(1270,0,0,1,1,1)", undefined],
  ["(-127,0,0,1,-1,1)", undefined],
  ["", undefined],
] as const) {
  void test(`the place in the reply to PASV ${JSON.stringify(text)} is ${place?.port ?? "none"}`, () => {
    assert.deepEqual(parsePassive(text), place);
  });
}

for (const [form, listing, entries] of [
  ["ls", "total 8\r\ndrwxr-xr-x 2 ftp ftp 4096 Feb 20 2025 pub\r\n-rw-r--r-- 1 ftp ftp 13 Feb 20 2025 a b\r\n", 2],
  ["ls -a", "drwxr-xr-x 2 0 0 4096 Feb 20 2025 .\r\ndrwxr-xr-x 2 0 0 4096 Feb 20 2025 ..\r\n", 0],
  ["DOS", "12-05-96  05:03PM       <DIR>          pub\r\n11-14-97  04:21PM                  953 a.txt\r\n", 2],
  ["MLSD", "type=dir;modify=20190419065730; pub\r\ntype=file;size=13;modify=20190419065730; a.txt\r\n", 2],
  ["nothing", "", 0],
  ["a format that nobody knows", "readme\r\nlicence\r\n", undefined],
  ["MLSD with a date that is none", "type=file;modify=never; a\r\n", undefined],
] as const) {
  void test(`a listing of ${form} has ${entries ?? "an unknown number of"} entries`, () => {
    assert.equal(countEntries(listing), entries);
  });
}
