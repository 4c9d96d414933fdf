import { type Outcome, splitOutcome } from "../outcome/outcome.ts";
import { PROTOCOLS } from "../outcome/protocol.ts";
import { REACHABLE, type Subject } from "../outcome/reachable.ts";
import type { CloudMonitorList } from "./cloudmonitor/codes.ts";
import { CLOUD_MONITOR_RULES } from "./cloudmonitor/rules.ts";
import type { HitflowList } from "./hitflow/codes.ts";
import { HITFLOW_RULES } from "./hitflow/rules.ts";
import { type Basis, type HttpStatusOr, NO_CODE, type Rule } from "./rule.ts";
import { CATALOGUES, type Catalogue } from "./status-code.ts";

/** One outcome of one subject in one catalogue, with what stands for it there. */
export interface AppliedRule {
  readonly catalogue: Catalogue;
  readonly list: CloudMonitorList | HitflowList;
  readonly subject: Subject;
  readonly outcome: Outcome;
  readonly target: number | HttpStatusOr<number>;
  readonly basis: Basis;
}

const RULES = { cloudmonitor: CLOUD_MONITOR_RULES, hitflow: HITFLOW_RULES } as const;

/** Every subject that a report can have, protocols first. */
export const SUBJECTS: readonly Subject[] = [...PROTOCOLS, "any"];

/** Both catalogues' rules, a wildcard written out into the reasons for which it stands. */
export const EVERY_RULE: readonly AppliedRule[] = SUBJECTS.flatMap((subject) =>
  CATALOGUES.flatMap((catalogue) => rulesOf(catalogue, subject)),
);

function rulesOf(catalogue: Catalogue, subject: Subject): readonly AppliedRule[] {
  const monitor = RULES[catalogue][subject];
  if (monitor === "no such monitor") return [];
  const { list, rules } = monitor;
  return REACHABLE[subject].flatMap((outcome) => {
    const rule = ruleFor(outcome, rules);
    if (rule === NO_CODE) return [];
    const [target, basis] = rule;
    return [{ catalogue, list, subject, outcome, target, basis }];
  });
}

type Entry = Rule | typeof NO_CODE;

function ruleFor(outcome: Outcome, rules: Readonly<Record<string, Entry>>): Entry {
  const rule = rules[outcome] ?? rules[`${splitOutcome(outcome).phase}/*`];
  // The type of the tables rules this out; the compiler cannot follow it through a key that it does not know.
  if (rule === undefined) throw new Error(`Cannot look up ${outcome}: expected a rule, found none`);
  return rule;
}
