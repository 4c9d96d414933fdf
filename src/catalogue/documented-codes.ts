import type { Outcome } from "../outcome/outcome.ts";
import { PROTOCOLS } from "../outcome/protocol.ts";
import { STATES, type Subject } from "../outcome/reachable.ts";
import { type CatalogueRow, EVERY_ROW } from "./every-row.ts";
import { EVERY_RULE } from "./every-rule.ts";
import { HITFLOW_RULES, HITFLOW_STATES } from "./hitflow/rules.ts";
import type { Basis } from "./rule.ts";

/** One way to a code. */
interface Lead {
  readonly subject: Subject;
  readonly outcome: Outcome;
  readonly basis: Basis;
}

/** A documented code with the outcomes that lead to it. */
export interface DocumentedCode extends CatalogueRow {
  readonly leads: readonly Lead[];
  /** Whether it is the status of a response that leads here, after one of these outcomes. */
  readonly isHttpStatus: boolean;
}

/** Every row of both catalogues, in the vendors' order: 35 + 1 + 30 of Cloud Monitor, 94 of Hitflow. */
export function documentedCodes(): readonly DocumentedCode[] {
  return EVERY_ROW.map(withLeads);
}

function withLeads(row: CatalogueRow): DocumentedCode {
  return { ...row, leads: leadsTo(row), isHttpStatus: isHttpStatus(row) };
}

function leadsTo(row: CatalogueRow): readonly Lead[] {
  if (row.catalogue === "hitflow" && row.code < 0) return restingLeads(row);
  return EVERY_RULE.filter(({ catalogue, list }) => catalogue === row.catalogue && list === row.list)
    .filter(({ target }) => (typeof target === "number" ? target === row.code : isHttpStatus(row)))
    .map(({ subject, outcome, basis }) => ({ subject, outcome, basis }));
}

function restingLeads(row: CatalogueRow): readonly Lead[] {
  const states = STATES.filter((state) => HITFLOW_STATES[state] === row.code);
  const subjects = PROTOCOLS.filter((subject) => HITFLOW_RULES[subject].list === row.list);
  return states.flatMap((outcome) => subjects.map((subject) => ({ subject, outcome, basis: "documented" as const })));
}

/** Only Cloud Monitor's list `http` has them, and its custom codes start above the HTTP statuses (RFC 9110 §15). */
function isHttpStatus({ catalogue, list, code }: CatalogueRow): boolean {
  return catalogue === "cloudmonitor" && list === "http" && code <= 599;
}
