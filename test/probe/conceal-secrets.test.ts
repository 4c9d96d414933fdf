import assert from "node:assert/strict";
import { test } from "node:test";
import { concealSecrets } from "../../src/probe/conceal-secrets.ts";

for (const [title, reply, secrets, shown] of [
  ["nothing where there is no secret", "535 bad password", [], "535 bad password"],
  ["a word that is one", "501 hunter2 is wrong", ["hunter2"], "501 <secret> is wrong"],
  ["a word that holds one", "501 PASS=hunter2; wrong", ["hunter2"], "501 <secret> wrong"],
  ["one that was cut off", "500 unknown AHVzZXIAaHVu", ["AHVzZXIAaHVudGVyMg=="], "500 unknown <secret>"],
  ["one in another case", "500 HUNTER2?", ["hunter2"], "500 <secret>"],
  ["the words of one with blanks", "500 correct horse", ["correct horse battery"], "500 <secret> <secret>"],
  ["one too short to have pieces", "500 (abc) abcd", ["abc"], "500 <secret> abcd"],
] as const) {
  void test(`conceals ${title}`, () => {
    assert.equal(concealSecrets(reply, secrets), shown);
  });
}

void test("shows no more than a thousand characters", () => {
  assert.equal(concealSecrets("x".repeat(5000), []).length, 1000);
});
