import assert from "node:assert/strict";
import { test } from "node:test";
import { concealSecrets } from "../../src/probe/conceal-secrets.ts";

/** `\0prober\0correct-horse` in base64, as PLAIN sends it. */
const PLAIN = "AHByb2JlcgBjb3JyZWN0LWhvcnNl";

for (const [title, reply, secrets, shown] of [
  ["a word that is one", "501 hunter2 is wrong", ["hunter2"], "501 <secret> is wrong"],
  ["one at the beginning", "hunter2 is wrong", ["hunter2"], "<secret> is wrong"],
  ["one at the end", "501 not hunter2", ["hunter2"], "501 not <secret>"],
  ["a reply that is nothing else", "hunter2", ["hunter2"], "<secret>"],
  ["each of several", "501 hunter2 hunter2", ["hunter2"], "501 <secret> <secret>"],
  ["one in the middle of a word", "501 PASS=hunter2; wrong", ["hunter2"], "501 PASS=<secret>; wrong"],
  ["one in another case", "500 HUNTER2?", ["hunter2"], "500 <secret>?"],
  ["one in another case beyond ASCII", "500 İ PÄSSWORT-1", ["pässwort-1"], "500 İ <secret>"],
  ["one in base64", `500 unknown ${PLAIN}`, ["correct-horse", PLAIN], "500 unknown <secret>"],
  [
    "one within what a server decoded",
    "500 \0prober\0correct-horse",
    ["correct-horse", PLAIN],
    "500 \0prober\0<secret>",
  ],
  ["the beginning of one that was cut off", "500 unknown AHByb2JlcgBjb3", [PLAIN], "500 unknown <secret>"],
  ["the end of one that was cut in two", "500 unknown yZWN0LWhvcnNl", [PLAIN], "500 unknown <secret>"],
  ["the beginning of a password", "500 PASS correct-h...", ["correct-horse"], "500 PASS <secret>..."],
  ["the first letters of a password", "500 PASS correc…", ["correct-horse"], "500 PASS <secret>…"],
  ["one with blanks", "500 correct horse battery?", ["correct horse battery"], "500 <secret>?"],
  ["the words of one with blanks", "500 no argument horse", ["correct horse battery"], "500 no argument <secret>"],
  ["one too short for a part of a word", "500 (abc) abcd", ["abc"], "500 (<secret>) abcd"],
  ["one of few characters", "500 PASS a=b is wrong", ["a=b"], "500 PASS <secret> is wrong"],
  ["one that another one holds", "500 hunter2hunter2", ["hunter2", "hunter2hunter2"], "500 <secret>"],
] as const) {
  void test(`conceals ${title}`, () => {
    assert.equal(concealSecrets(reply, secrets), shown);
  });
}

for (const [reply, secrets] of [
  ["535 bad password", []],
  ["535 bad password", [""]],
  ["550 Failed to change directory.", ["correct-horse", PLAIN]],
  ["530 Login incorrect.", ["correct-horse", "correct horse battery"]],
  ["530 Set your clock correctly", ["correct-horse"]],
  ["-ERR [AUTH] Authentication failed.", ["no-author"]],
  ["550 No such file", ["profile-of-mine"]],
] as const) {
  void test(`shows ${JSON.stringify(reply)} where the secrets are ${JSON.stringify(secrets)}`, () => {
    assert.equal(concealSecrets(reply, secrets), reply);
  });
}

void test("shows no more than a thousand characters", () => {
  assert.equal(concealSecrets("x".repeat(5000), []).length, 1000);
});
