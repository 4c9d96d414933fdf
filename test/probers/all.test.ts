import assert from "node:assert/strict";
import { test } from "node:test";
import { PROTOCOLS } from "../../src/outcome/protocol.ts";
import { PROBERS } from "../../src/probers/all.ts";

test("every protocol has one prober, in a row of its own name", () => {
  assert.deepEqual(PROBERS.map(({ protocol }) => protocol).toSorted(), PROTOCOLS.toSorted());
});
