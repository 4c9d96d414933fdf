import type { Outcome } from "../outcome/outcome.ts";
import { STATES, type Subject } from "../outcome/reachable.ts";
import { HEALTHY } from "./cloudmonitor/codes.ts";
import { EVERY_ROW } from "./every-row.ts";
import { type AppliedRule, EVERY_RULE, SUBJECTS } from "./every-rule.ts";
import { HITFLOW_RULES } from "./hitflow/rules.ts";
import { stateCodes } from "./state-codes.ts";
import type { StatusCode } from "./status-code.ts";

/** What a report says that decides its codes; a whole report will do. */
export interface Ending {
  readonly subject: Subject;
  readonly outcome: Outcome;
  readonly httpStatus: number | undefined;
}

/**
 * The code of each catalogue that has a monitor of this kind, Cloud Monitor's first. Empty for an outcome in which a
 * probe of the subject cannot end.
 */
export function codesOf({ subject, outcome, httpStatus }: Ending): readonly StatusCode[] {
  const answer = ANSWERS.get(subject)?.get(outcome);
  if (answer === undefined) return [];
  if (httpStatus === undefined) return answer.withoutStatus;
  return answer.withStatus?.get(httpStatus) ?? answer.withoutStatus;
}

/** The codes of one outcome: fixed, or where a status of the response stands as the code, one answer for each status. */
interface Answer {
  readonly withoutStatus: readonly StatusCode[];
  readonly withStatus: ReadonlyMap<number, readonly StatusCode[]> | undefined;
}

/** RFC 9110 §15: the first digit of an HTTP status is its class, and no other class exists. */
const STATUS_CLASSES = ["1xx informational", "2xx success", "3xx redirection", "4xx client error", "5xx server error"];

const STATUSES: readonly number[] = STATUS_CLASSES.flatMap((_, index) =>
  Array.from({ length: 100 }, (_status, offset) => (index + 1) * 100 + offset),
);

const DOCUMENTED: ReadonlyMap<string, StatusCode> = new Map(
  EVERY_ROW.map(({ catalogue, list, code, message }) => [
    identity({ catalogue, list, code }),
    { catalogue, list, code, message, documented: true },
  ]),
);

const ANSWERS: ReadonlyMap<Subject, ReadonlyMap<Outcome, Answer>> = new Map(
  SUBJECTS.map((subject) => [subject, new Map([...probed(subject), ...resting(subject)])] as const),
);

function probed(subject: Subject): readonly (readonly [Outcome, Answer])[] {
  const rules = Map.groupBy(
    EVERY_RULE.filter((rule) => rule.subject === subject),
    (rule) => rule.outcome,
  );
  return [...rules].map(([outcome, both]) => [outcome, answerOf(both)] as const);
}

/** Something declared has a state while no probe of it runs, in the list that its probes use; its protocol is known. */
function resting(subject: Subject): readonly (readonly [Outcome, Answer])[] {
  if (subject === "any") return [];
  const { list } = HITFLOW_RULES[subject];
  return STATES.map((state) => [state, { withoutStatus: stateCodes(list, state), withStatus: undefined }] as const);
}

function answerOf(rules: readonly AppliedRule[]): Answer {
  const withoutStatus = rules.map((rule) => codeOf(rule, undefined));
  if (rules.every((rule) => typeof rule.target === "number")) return { withoutStatus, withStatus: undefined };
  const withStatus = new Map(STATUSES.map((status) => [status, rules.map((rule) => codeOf(rule, status))] as const));
  return { withoutStatus, withStatus };
}

function codeOf({ catalogue, list, target }: AppliedRule, status: number | undefined): StatusCode {
  const code = typeof target === "number" ? target : (status ?? target.httpStatusOr);
  const documented = DOCUMENTED.get(identity({ catalogue, list, code }));
  if (documented !== undefined) return documented;
  return { catalogue, list, code, message: undocumentedMessage(code), documented: false };
}

/** Outside the lists stand only Cloud Monitor's healthy value and the HTTP statuses that are not among its common ones. */
function undocumentedMessage(code: number): string {
  if (code === HEALTHY) return "Healthy";
  return STATUS_CLASSES[Math.floor(code / 100) - 1] ?? "Not an HTTP status";
}

function identity({ catalogue, list, code }: Pick<StatusCode, "catalogue" | "list" | "code">): string {
  return `${catalogue} ${list} ${code}`;
}
