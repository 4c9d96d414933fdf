import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer } from "dns-packet";
import type { Outcome } from "../../../src/outcome/outcome.ts";
import type { AnswerParts } from "../../faults/dns/name-server.ts";
import type { Settings } from "../../faults/fault.ts";
import { askFor } from "./ask-name-server.ts";

const ONE: Answer = { type: "A", name: "example.com", ttl: 300, data: "192.0.2.1" };
const TWO: Answer = { type: "A", name: "example.com", ttl: 300, data: "192.0.2.2" };
const ALIAS: Answer = { type: "CNAME", name: "example.com", ttl: 300, data: "www.example.com" };

interface Case {
  readonly title: string;
  readonly answer: AnswerParts;
  readonly dns: Settings;
  readonly outcome: Outcome;
  readonly detail?: RegExp;
}

const WHOLE_LINE = "^example\\.com\\.\\t300\\tIN\\tA\\t192\\.0\\.2\\.[12]$";

const VALIDATORS: readonly Case[] = [
  {
    title: "fail_if_matches_regexp passes where no record matches",
    answer: { answers: [ONE] },
    dns: answer("fail_if_matches_regexp", "127"),
    outcome: "success",
  },
  {
    title: "fail_if_matches_regexp fails where one record matches",
    answer: { answers: [ONE, TWO] },
    dns: answer("fail_if_matches_regexp", "nothing", "2\\.2$"),
    outcome: "content/forbidden",
    detail: /answer section matches .* example\.com\. 300 IN A 192\.0\.2\.2/u,
  },
  {
    title: "fail_if_matches_regexp passes without records",
    answer: {},
    dns: answer("fail_if_matches_regexp", "."),
    outcome: "success",
  },
  {
    title: "fail_if_not_matches_regexp passes where all match all, tabs and all",
    answer: { answers: [ONE, TWO] },
    dns: answer("fail_if_not_matches_regexp", WHOLE_LINE, "IN"),
    outcome: "success",
  },
  {
    title: "fail_if_not_matches_regexp fails where one record does not match one of them",
    answer: { answers: [ONE, TWO] },
    dns: answer("fail_if_not_matches_regexp", "IN", "2\\.1$"),
    outcome: "content/missing",
    detail: /fail_if_not_matches_regexp\): example\.com\. 300 IN A 192\.0\.2\.2/u,
  },
  {
    title: "fail_if_not_matches_regexp fails without records",
    answer: {},
    dns: answer("fail_if_not_matches_regexp", "."),
    outcome: "exchange/empty-answer",
  },
  {
    title: "fail_if_none_matches_regexp passes where one record matches one of them",
    answer: { answers: [ONE, TWO] },
    dns: answer("fail_if_none_matches_regexp", "nothing", "2\\.2$"),
    outcome: "success",
  },
  {
    title: "fail_if_none_matches_regexp fails where none does",
    answer: { answers: [ONE, TWO] },
    dns: answer("fail_if_none_matches_regexp", "nothing"),
    outcome: "content/missing",
    detail: /192\.0\.2\.1, example/u,
  },
  {
    title: "fail_if_none_matches_regexp fails without records",
    answer: {},
    dns: answer("fail_if_none_matches_regexp", "."),
    outcome: "exchange/empty-answer",
  },
  // As upstream: the name says the opposite.
  {
    title: "fail_if_all_match_regexp passes where all records match",
    answer: { answers: [ONE, TWO] },
    dns: answer("fail_if_all_match_regexp", "192"),
    outcome: "success",
  },
  {
    title: "fail_if_all_match_regexp fails where not all do",
    answer: { answers: [ONE, TWO] },
    dns: answer("fail_if_all_match_regexp", "2\\.1$"),
    outcome: "content/missing",
  },
  {
    title: "fail_if_all_match_regexp passes without records",
    answer: {},
    dns: answer("fail_if_all_match_regexp", "."),
    outcome: "success",
  },
  {
    title: "validate_authority_rrs looks at the authority section",
    answer: { answers: [ONE], authorities: [{ type: "NS", name: "example.com", ttl: 1, data: "ns.example.com" }] },
    dns: { validate_authority_rrs: { fail_if_matches_regexp: ["NS\\tns"] } },
    outcome: "content/forbidden",
    detail: /authority/u,
  },
  {
    title: "validate_additional_rrs looks at the additional section",
    answer: { answers: [ONE] },
    dns: { validate_additional_rrs: { fail_if_none_matches_regexp: ["A"] } },
    outcome: "content/missing",
    detail: /additional section holds no record/u,
  },
  {
    title: "an expression that fits no answer is not asked where the response code is wrong",
    answer: { rcode: 3 },
    dns: answer("fail_if_not_matches_regexp", "x"),
    outcome: "exchange/error-rcode",
  },
];

const RELATIONS: readonly Case[] = [
  {
    title: "contains: the answer may hold more",
    answer: { answers: [ONE, TWO] },
    dns: { expected_values: ["192.0.2.1"] },
    outcome: "success",
  },
  {
    title: "contains: the answer must hold all",
    answer: { answers: [ONE] },
    dns: { expected_values: ["192.0.2.1", "192.0.2.2"] },
    outcome: "content/missing",
    detail: /lacks 192\.0\.2\.2$/u,
  },
  {
    title: "within: the answer may hold less",
    answer: { answers: [ONE] },
    dns: { expected_values: ["192.0.2.1", "192.0.2.2"], match: "within" },
    outcome: "success",
  },
  {
    title: "within: the answer must not hold more",
    answer: { answers: [ONE, TWO] },
    dns: { expected_values: ["192.0.2.1"], match: "within" },
    outcome: "content/forbidden",
    detail: /192\.0\.2\.2/u,
  },
  {
    title: "equal: in any order",
    answer: { answers: [TWO, ONE] },
    dns: { expected_values: ["192.0.2.1", "192.0.2.2"], match: "equal" },
    outcome: "success",
  },
  {
    title: "equal: not less",
    answer: { answers: [ONE] },
    dns: { expected_values: ["192.0.2.1", "192.0.2.2"], match: "equal" },
    outcome: "content/missing",
  },
  {
    title: "equal: not more",
    answer: { answers: [ONE, TWO] },
    dns: { expected_values: ["192.0.2.1"], match: "equal" },
    outcome: "content/missing",
  },
  {
    title: "any: one is enough",
    answer: { answers: [ONE, TWO] },
    dns: { expected_values: ["192.0.2.9", "192.0.2.2"], match: "any" },
    outcome: "success",
  },
  {
    title: "any: none is too few",
    answer: { answers: [ONE] },
    dns: { expected_values: ["192.0.2.9"], match: "any" },
    outcome: "content/missing",
    detail: /192\.0\.2\.9, but 192\.0\.2\.1/u,
  },
  {
    title: "the alias that leads to the addresses is none of them",
    answer: { answers: [ALIAS, ONE] },
    dns: { expected_values: ["192.0.2.1"], match: "equal" },
    outcome: "success",
  },
  {
    title: "an answer of another type is empty",
    answer: { answers: [ALIAS] },
    dns: { expected_values: ["192.0.2.1"] },
    outcome: "exchange/empty-answer",
  },
  {
    title: "no answer is empty, also within",
    answer: {},
    dns: { expected_values: ["192.0.2.1"], match: "within" },
    outcome: "exchange/empty-answer",
  },
  {
    title: "any type counts where any was asked for",
    answer: { answers: [ALIAS, ONE] },
    dns: { query_type: "ANY", expected_values: ["WWW.example.com", "192.0.2.1"], match: "equal" },
    outcome: "success",
  },
];

for (const { title, answer: parts, dns, outcome, detail = /^/u } of [...VALIDATORS, ...RELATIONS]) {
  void test(title, async () => {
    const report = await askFor(parts, dns);

    assert.equal(report.outcome, outcome, report.detail);
    assert.match(report.detail, detail);
  });
}

const VALUES: readonly { readonly record: Answer; readonly value: string }[] = [
  { record: { type: "AAAA", name: "a", data: "2001:db8::1" }, value: "2001:0DB8:0:0::0001" },
  { record: { type: "CNAME", name: "a", data: "Target.example" }, value: "target.EXAMPLE." },
  { record: { type: "NS", name: "a", data: "." }, value: "." },
  { record: { type: "MX", name: "a", data: { preference: 10, exchange: "mail.example" } }, value: "10  mail.example" },
  { record: { type: "MX", name: "a", data: { preference: 10, exchange: "mail.example" } }, value: "mail.example." },
  { record: { type: "TXT", name: "a", data: ["v=spf1 ", "ip4:192.0.2.1 -all"] }, value: "v=spf1 ip4:192.0.2.1 -all" },
  { record: { type: "TXT", name: "a", data: ["v=spf1 ", "-all"] }, value: '"v=spf1 " "-all"' },
  { record: { type: "TXT", name: "a", data: ['a "b" \\ é'] }, value: 'a "b" \\ é' },
  {
    record: { type: "SRV", name: "a", data: { priority: 1, weight: 2, port: 3, target: "b.example" } },
    value: "1 2 3 b.example",
  },
  {
    record: { type: "CAA", name: "a", data: { flags: 0, tag: "issue", value: "letsencrypt.org" } },
    value: '0 issue "letsencrypt.org"',
  },
];

for (const { record, value } of VALUES) {
  void test(`a record ${record.type} has the value ${value}`, async () => {
    const dns = { query_type: record.type, expected_values: [value], match: "equal" };

    const same = await askFor({ answers: [record] }, dns);
    const other = await askFor({ answers: [record] }, { ...dns, expected_values: [`${value}x`] });

    assert.equal(same.outcome, "success", same.detail);
    assert.equal(other.outcome, "content/missing", other.detail);
  });
}

void test("the letters of a text count", async () => {
  const report = await askFor(
    { answers: [{ type: "TXT", name: "a", data: ["token=ABC"] }] },
    { query_type: "TXT", expected_values: ["token=abc"] },
  );

  assert.equal(report.outcome, "content/missing");
});

function answer(key: string, ...patterns: readonly string[]): Settings {
  return { validate_answer_rrs: { [key]: patterns } };
}
