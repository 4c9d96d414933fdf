import assert from "node:assert/strict";
import { test } from "node:test";
import { concealSent } from "../../src/probe/conceal-sent.ts";

void test("hides the words that were sent where a reply repeats them", () => {
  const reply = "-ERR unknown command 'AUTHX', with args beginning with: 'hunter22' OK";

  assert.equal(
    concealSent(reply, ["AUTHX hunter22\r\n", "OK"]),
    "-ERR unknown command '<sent>', with args beginning with: '<sent>' OK",
  );
});

void test("hides the longer of two words that overlap", () => {
  assert.equal(concealSent("got password123", ["password password123"]), "got <sent>");
});
