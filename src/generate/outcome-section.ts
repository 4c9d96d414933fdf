import { ADVICE } from "../catalogue/advice.ts";
import { anchorOf } from "../catalogue/anchor-of.ts";
import { codesOf } from "../catalogue/codes-of.ts";
import { EVERY_RULE, SUBJECTS } from "../catalogue/every-rule.ts";
import { CATALOGUE_NAMES, CATALOGUES, type Catalogue } from "../catalogue/status-code.ts";
import type { Outcome } from "../outcome/outcome.ts";
import type { Subject } from "../outcome/reachable.ts";
import { markdownTable } from "./markdown.ts";

/** The vendor has no such monitor. */
const NONE = "none";

/** In no cell: it joins the cells of a row into one key to group by. */
const CELL_BORDER = "\t";

interface Question {
  readonly catalogue: Catalogue;
  readonly subject: Subject;
  readonly outcome: Outcome;
}

/** One outcome under its own word: what it means, what to look at first, and its codes, as blocks of Markdown. */
export function outcomeSection(outcome: Outcome): readonly string[] {
  const { meaning, advice } = ADVICE[outcome];
  return [
    `<a id="${anchorOf(outcome)}"></a>`,
    `### ${outcome}`,
    meaning,
    `Look first: ${advice}`,
    markdownTable(["Probe of", ...CATALOGUES.map((catalogue) => CATALOGUE_NAMES[catalogue])], codeRows(outcome)),
  ];
}

/** One row for all protocols that have the same codes. */
function codeRows(outcome: Outcome): readonly (readonly string[])[] {
  const answered = SUBJECTS.filter((subject) => codesOf({ subject, outcome, httpStatus: undefined }).length > 0);
  const alike = Map.groupBy(answered, (subject) => {
    return CATALOGUES.map((catalogue) => cell({ catalogue, subject, outcome })).join(CELL_BORDER);
  });
  return [...alike].map(([cells, subjects]) => [subjects.join(", ")].concat(cells.split(CELL_BORDER)));
}

function cell(question: Question): string {
  const { catalogue, subject, outcome } = question;
  if (isHttpStatus(question)) return "http, the status of the response";
  const code = codesOf({ subject, outcome, httpStatus: undefined }).find((one) => one.catalogue === catalogue);
  if (code === undefined) return NONE;
  const text = `${code.list} ${code.code}`;
  return code.documented ? `[${text}](#${anchorOf(code)})` : `${text} (healthy)`;
}

function isHttpStatus({ catalogue, subject, outcome }: Question): boolean {
  return EVERY_RULE.some(
    (rule) =>
      rule.catalogue === catalogue &&
      rule.subject === subject &&
      rule.outcome === outcome &&
      typeof rule.target !== "number",
  );
}
