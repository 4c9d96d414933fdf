import assert from "node:assert/strict";
import { test } from "node:test";
import { expandTemplate } from "../../src/probe/expand-template.ts";
import { RegularExpression } from "../../src/settings/regular-expression.ts";

const captures = new RegularExpression("(?P<first>\\w+) (\\w+)( never)?").match("well-known one two");

const CASES: readonly (readonly [template: string, expanded: string])[] = [
  ["$1", "known"],
  ["${1}st", "knownst"],
  ["$1st", ""],
  ["$0", "known one"],
  ["${first}, $first", "known, known"],
  ["$2$1", "oneknown"],
  ["$3", ""],
  ["$4", ""],
  ["$01", ""],
  ["$99999999999999999999", ""],
  ["$nobody", ""],
  ["$constructor", ""],
  ["$$1", "$1"],
  ["$$$1", "$known"],
  ["100 $", "100 $"],
  ["$-", "$-"],
  ["${", "${"],
  ["${1", "${1"],
  ["${}", "${}"],
  ["${a b}", "${a b}"],
  ["$1é", ""],
  ["$1—", "known—"],
];

for (const [template, expanded] of CASES) {
  void test(`expands ${JSON.stringify(template)} to ${JSON.stringify(expanded)}`, () => {
    assert.ok(captures);

    assert.equal(expandTemplate(template, captures), expanded);
  });
}
