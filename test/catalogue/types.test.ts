import { test } from "node:test";
import type { CloudMonitorCode } from "../../src/catalogue/cloudmonitor/codes.ts";
import type { HitflowCode } from "../../src/catalogue/hitflow/codes.ts";
import { HITFLOW_RULES } from "../../src/catalogue/hitflow/rules.ts";
import type { RulesOf, SubjectRules } from "../../src/catalogue/rule.ts";

type IcmpRules = RulesOf<"icmp", HitflowCode<"service">>;

const PASSED = HITFLOW_RULES.domain.rules;

const { success: _success, ...WITHOUT_SUCCESS } = PASSED;
const { "resolve/*": _resolve, ...WITHOUT_RESOLVE } = HITFLOW_RULES.icmp.rules;

// Each `@ts-expect-error` below is the assertion: the type check fails where the line after it does compile.
void test("rules that are whole and documented compile", () => {
  PASSED satisfies RulesOf<"domain", HitflowCode<"domain">>;
  ({ "request/unknown-prober": [100, "documented"] }) satisfies RulesOf<"any", HitflowCode<"service">>;
  ({ list: "domain", rules: PASSED }) satisfies SubjectRules<"domain", { readonly domain: HitflowCode<"domain"> }>;
  ({ ...HITFLOW_RULES.icmp.rules, "resolve/timeout": [404, "inferred"] }) satisfies IcmpRules;
  ({
    ...WITHOUT_RESOLVE,
    "resolve/timeout": [404, "documented"],
    "resolve/name-not-found": [404, "documented"],
    "resolve/no-address": [404, "documented"],
    "resolve/server-failure": [404, "documented"],
  }) satisfies IcmpRules;
});

void test("a rule that names an undocumented code does not compile", () => {
  // @ts-expect-error Hitflow has a 102 in the list of services, none in that of domains.
  ({ ...PASSED, "domain/expired": [102, "documented"] }) satisfies RulesOf<"domain", HitflowCode<"domain">>;
  // @ts-expect-error Cloud Monitor's POP3 list has no 616.
  616 satisfies CloudMonitorCode<"pop3">;
});

void test("an outcome without a rule does not compile", () => {
  // @ts-expect-error The success of a domain look-up has no rule.
  WITHOUT_SUCCESS satisfies RulesOf<"domain", HitflowCode<"domain">>;
  // @ts-expect-error Three of the four reasons of the phase have no rule, and no wildcard covers them.
  ({ ...WITHOUT_RESOLVE, "resolve/timeout": [404, "documented"] }) satisfies IcmpRules;
});

void test("a rule for an outcome that the protocol cannot reach does not compile", () => {
  // @ts-expect-error A domain look-up makes no connection.
  ({ ...PASSED, "connect/refused": [500, "documented"] }) satisfies RulesOf<"domain", HitflowCode<"domain">>;
  // @ts-expect-error Nor does it resolve a name.
  ({ ...PASSED, "resolve/*": [500, "documented"] }) satisfies RulesOf<"domain", HitflowCode<"domain">>;
});

void test("a list that the catalogue does not have does not compile", () => {
  // @ts-expect-error Only `domain` is on offer here.
  ({ list: "ssl", rules: PASSED }) satisfies SubjectRules<"domain", { readonly domain: HitflowCode<"domain"> }>;
});
