import assert from "node:assert/strict";
import { test } from "node:test";
import { RegularExpression, regularExpression } from "../../src/settings/regular-expression.ts";

void test("speaks RE2's dialect", () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ["(?i)HELLO", "say hello", true],
    ["a.b", "a\nb", false],
    ["(?s)a.b", "a\nb", true],
    ["\\Aabc\\z", "abc", true],
    ["\\Aabc\\z", "xabc", false],
    ["^\\pL+$", "Größe", true],
    ["^[[:alpha:]]+$", "abc", true],
    ["\\d", "٣", false],
    ["\\Qa.b\\E", "a.b", true],
  ];
  for (const [source, subject, expected] of cases) {
    assert.equal(regularExpression.parse(source).test(subject), expected, source);
    assert.equal(regularExpression.parse(source).test(new TextEncoder().encode(subject)), expected, source);
  }
});

void test("yields named and numbered groups, undefined where a group took no part", () => {
  const captures = new RegularExpression("(?P<code>\\d{3})-(x)?").match("220-");
  assert.deepEqual(captures, { all: "220-", numbered: ["220", undefined], named: { code: "220" } });
  assert.equal(new RegularExpression("a").match("b"), undefined);
});

void test("refuses lookaround, backreferences and broken expressions, naming the dialect", () => {
  for (const source of ["(?=a)", "(?!a)", "(?<=a)b", "(a)\\1", "[", "(", "a{1001}"]) {
    const [issue] = regularExpression.safeParse(source).error?.issues ?? [];
    assert.match(issue?.message ?? "", /^expected a regular expression of the RE2 dialect/u, source);
  }
  assert.equal(regularExpression.safeParse({}).error?.issues[0]?.message, "expected a regular expression");
});

void test("takes linear time on an expression that hangs a backtracking engine", { timeout: 10_000 }, () => {
  assert.equal(new RegularExpression("^(a+)+$").test(`${"a".repeat(50_000)}!`), false);
});
