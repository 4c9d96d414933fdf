import { SUBJECTS } from "../../src/catalogue/every-rule.ts";
import { FAILURES, type Outcome } from "../../src/outcome/outcome.ts";
import type { Subject } from "../../src/outcome/reachable.ts";
import { readMapping } from "../catalogue/fixture.ts";

/** One outcome of one subject with its codes; a wildcard of the table is written out. */
export interface MappedOutcome {
  readonly subject: Subject;
  readonly outcome: Outcome;
  /** One for each catalogue that has a monitor for the subject. */
  readonly codes: readonly MappedCode[];
}

export interface MappedCode {
  readonly catalogue: string;
  readonly list: string;
  /** `HTTP-STATUS` where the status of the final response stands as the code. */
  readonly code: string;
}

const OUTCOMES: readonly Outcome[] = ["success", ...FAILURES];

/**
 * Which codes stand for which outcome, as it was agreed on: read from the table and not from the exporter's own rules,
 * so that what is served can be held against it. States are no outcomes of a probe, so their rows are left out.
 */
export const MAPPING: readonly MappedOutcome[] = readOutcomes();

type Row = Readonly<Record<string, string>>;

function readOutcomes(): readonly MappedOutcome[] {
  const rows = readMapping().filter((row) => row["protocol"] !== "state");
  return rows.flatMap((row) => {
    const subject = SUBJECTS.find((one) => one === row["protocol"]);
    if (subject === undefined) throw new Error(`Cannot read the mapping: no subject ${row["protocol"]}`);
    return outcomesOf(row, rows).map((outcome) => ({ subject, outcome, codes: codesOf(row) }));
  });
}

/** `tls/*` stands for each reason of that phase that has no row of its own. */
function outcomesOf({ protocol, outcome: word = "" }: Row, rows: readonly Row[]): readonly Outcome[] {
  if (!word.endsWith("/*")) return OUTCOMES.filter((outcome) => outcome === word);
  const own = new Set(rows.filter((row) => row["protocol"] === protocol).map((row) => row["outcome"]));
  return FAILURES.filter((failure) => failure.startsWith(word.slice(0, -1)) && !own.has(failure));
}

function codesOf(row: Row): readonly MappedCode[] {
  return ["cloudmonitor", "hitflow"]
    .map((catalogue) => ({
      catalogue,
      list: row[`${catalogue}_list`] ?? "",
      code: row[`${catalogue}_code`] ?? "",
    }))
    .filter(({ list }) => list !== "-");
}
