import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { printable } from "../../probe/printable.ts";
import type { RegularExpression } from "../../settings/regular-expression.ts";
import { type Message, SECTIONS, type Section } from "./message.ts";
import type { DnsRecord } from "./record.ts";
import type { RecordChecks } from "./record-checks.ts";
import { recordTypeName, recordTypeNumber } from "./record-type.ts";
import { hasValue } from "./record-value.ts";
import { responseCodeName } from "./response-code.ts";
import type { Relation, ReplyChecks } from "./settings.ts";

/** Holds a reply against the module's checks; throws `ProbeFailure` with what is wrong first. */
export function judgeReply(
  reply: Message,
  { type, checks }: { readonly type: number; readonly checks: ReplyChecks },
): void {
  const answers = reply.sections.answer.filter((record) => type === ANY || record.type === type);
  requireResponseCode(reply, checks.responseCodes);
  if (checks.answer === "required" || checks.expected !== undefined) requireAnswers(answers, type);
  if (checks.authenticatedData === "required" && !reply.authenticatedData) {
    throw missing("The answer lacks the AD flag: the server does not vouch for it by DNSSEC");
  }
  for (const section of SECTIONS) judgeRecords(reply.sections[section], { section, checks: checks.records[section] });
  if (checks.expected !== undefined) judgeValues(answers, checks.expected);
}

const ANY = recordTypeNumber("ANY");

function requireResponseCode(reply: Message, valid: readonly number[]): void {
  if (valid.includes(reply.responseCode)) return;
  const wanted = valid.length === 0 ? "no code at all" : valid.map(responseCodeName).join(" or ");
  const errors = reply.extendedErrors.length === 0 ? "" : ` (${printable(reply.extendedErrors.join("; "))})`;
  throw new ProbeFailure("exchange/error-rcode", {
    detail: `The server answered ${responseCodeName(reply.responseCode)}${errors}; ${wanted} would pass`,
  });
}

function requireAnswers(answers: readonly DnsRecord[], type: number): void {
  if (answers.length > 0) return;
  const kind = type === ANY ? "no record" : `no ${recordTypeName(type)} record`;
  throw new ProbeFailure("exchange/empty-answer", { detail: `The answer holds ${kind}` });
}

interface Judging {
  readonly section: Section;
  readonly checks: RecordChecks;
}

function judgeRecords(records: readonly DnsRecord[], { section, checks }: Judging): void {
  if (records.length === 0) return judgeEmptiness({ section, checks });
  for (const { text } of records) {
    const found = checks.forbidden.find((pattern) => pattern.test(text));
    if (found !== undefined) throw new ProbeFailure("content/forbidden", { detail: matched(section, text, found) });
  }
  requireOfAll(records, { section, key: "fail_if_not_matches_regexp", patterns: checks.required });
  requireOfAll(records, { section, key: "fail_if_all_match_regexp", patterns: checks.requiredOfAll });
  const { requiredOfAny } = checks;
  if (requiredOfAny.length === 0) return;
  if (records.some(({ text }) => requiredOfAny.some((pattern) => pattern.test(text)))) return;
  throw missing(
    `No record of the ${section} section matches ${requiredOfAny.map(shown).join(" or ")} (fail_if_none_matches_regexp); found ${list(records.map(({ text }) => text))}`,
  );
}

/** What must match needs a record that does. */
function judgeEmptiness({ section, checks }: Judging): void {
  const [key] = [
    ...(checks.required.length > 0 ? ["fail_if_not_matches_regexp"] : []),
    ...(checks.requiredOfAny.length > 0 ? ["fail_if_none_matches_regexp"] : []),
  ];
  if (key === undefined) return;
  const detail = `The ${section} section holds no record for ${key} of validate_${section}_rrs`;
  throw section === "answer" ? new ProbeFailure("exchange/empty-answer", { detail }) : missing(detail);
}

function requireOfAll(
  records: readonly DnsRecord[],
  rule: { readonly section: Section; readonly key: string; readonly patterns: readonly RegularExpression[] },
): void {
  for (const { text } of records) {
    const lacking = rule.patterns.find((pattern) => !pattern.test(text));
    if (lacking === undefined) continue;
    throw missing(
      `A record of the ${rule.section} section does not match ${shown(lacking)} (${rule.key}): ${oneLine(text)}`,
    );
  }
}

function matched(section: Section, text: string, pattern: RegularExpression): string {
  return `A record of the ${section} section matches ${shown(pattern)} (fail_if_matches_regexp): ${oneLine(text)}`;
}

interface Expected {
  readonly values: readonly string[];
  readonly relation: Relation;
}

/** What an answer lacks of the expected values, and what it has beside them. */
interface Difference {
  readonly lacking: readonly string[];
  readonly strange: readonly string[];
  readonly common: boolean;
}

/** For each relation: the failure where it does not hold. */
const RELATIONS: Readonly<Record<Relation, (difference: Difference) => ProbeFailure | undefined>> = {
  contains: ({ lacking }) => (lacking.length === 0 ? undefined : missing(`The answer lacks ${list(lacking)}`)),
  within: ({ strange }) =>
    strange.length === 0
      ? undefined
      : new ProbeFailure("content/forbidden", { detail: `The answer holds ${list(strange)}, which is not expected` }),
  equal: ({ lacking, strange }) =>
    lacking.length + strange.length === 0
      ? undefined
      : missing(
          `The answer is not what is expected: it lacks ${list(lacking)} and holds ${list(strange)} beside what is expected`,
        ),
  any: ({ common, lacking, strange }) =>
    common ? undefined : missing(`The answer holds none of ${list(lacking)}, but ${list(strange)}`),
};

function judgeValues(answers: readonly DnsRecord[], { values, relation }: Expected): void {
  const lacking = values.filter((value) => !answers.some((record) => hasValue(record, value)));
  const strange = answers.filter((record) => !values.some((value) => hasValue(record, value)));
  const failure = RELATIONS[relation]({
    lacking,
    strange: strange.map(({ data }) => data),
    common: lacking.length < values.length,
  });
  if (failure !== undefined) throw failure;
}

function missing(detail: string): ProbeFailure {
  return new ProbeFailure("content/missing", { detail });
}

function shown(pattern: RegularExpression): string {
  return JSON.stringify(pattern.source);
}

/** A person sees the pattern in a few; the log has the rest. */
const MOST_LISTED = 5;

function list(values: readonly string[]): string {
  if (values.length === 0) return "nothing";
  const told = values.slice(0, MOST_LISTED).map(oneLine).join(", ");
  return values.length > MOST_LISTED ? `${told} and ${values.length - MOST_LISTED} more` : told;
}

function oneLine(text: string): string {
  return printable(text.trim().replaceAll(/\s+/gu, " "));
}
