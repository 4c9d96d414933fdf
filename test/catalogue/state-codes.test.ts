import assert from "node:assert/strict";
import { test } from "node:test";
import type { HitflowList } from "../../src/catalogue/hitflow/codes.ts";
import { stateCodes } from "../../src/catalogue/state-codes.ts";
import { STATES } from "../../src/outcome/reachable.ts";
import { readFixture } from "./fixture.ts";

const LISTS: readonly HitflowList[] = ["service", "server", "ssl", "domain"];

for (const state of STATES) {
  void test(`${state} has the code of the mapping in each of Hitflow's lists`, () => {
    const row = readFixture("mapping.tsv").find((one) => one["outcome"] === state);
    assert.equal(row?.["hitflow_list"], LISTS.join("|"));

    const codes = LISTS.flatMap((list) => stateCodes(list, state));

    assert.deepEqual(
      codes.map(({ catalogue, list, code, documented }) => [catalogue, list, String(code), documented]),
      LISTS.map((list) => ["hitflow", list, row?.["hitflow_code"], true]),
    );
  });
}
