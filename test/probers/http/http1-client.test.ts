import assert from "node:assert/strict";
import { test } from "node:test";
import * as undici from "undici";
import * as taken from "../../../src/probers/http/http1-client.ts";

test("what is taken out of undici is what undici exports", () => {
  assert.equal(taken.Client, undici.Client);
  assert.equal(taken.errors.HTTPParserError, undici.errors.HTTPParserError);
});
