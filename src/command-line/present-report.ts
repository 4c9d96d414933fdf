import { codesOf } from "../catalogue/codes-of.ts";
import type { Report } from "../outcome/report.ts";

/** A report for a person at a terminal: outcome, detail, both codes with their meaning, and a line per phase. */
export function presentReport(report: Report): string {
  const codes = columns(
    codesOf(report).map(({ catalogue, list, code, message }) => [`${catalogue} ${list} ${code}`, message]),
  );
  const phases = columns(report.phases.map(({ phase, seconds }) => [phase, milliseconds(seconds)]));
  return [
    ...section("Outcome", [report.outcome]),
    ...section("Detail", report.detail === "" ? [] : [report.detail]),
    ...section("Codes", codes),
    ...section("Phases", phases),
    ...section("Total", [`${milliseconds(report.durationSeconds)} of ${report.timeoutSeconds} s`]),
    "",
  ].join("\n");
}

const TITLE_WIDTH = 10;

function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(0, ...rows.map(([first]) => first.length));
  return rows.map(([first, second]) => `${first.padEnd(width)}  ${second}`);
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => `${(index === 0 ? title : "").padEnd(TITLE_WIDTH)}${line}`);
}

function milliseconds(seconds: number): string {
  return `${(seconds * 1000).toFixed(1).padStart(9)} ms`;
}
