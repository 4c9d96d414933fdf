import { codesOf } from "../catalogue/codes-of.ts";
import type { Report } from "../outcome/report.ts";

/** A report for a person at a terminal: outcome, detail, both codes with their meaning, and a line per phase. */
export function presentReport(report: Report): string {
  const codes = codesOf(report).map(({ catalogue, list, code, message }) => `${catalogue} ${list} ${code}  ${message}`);
  const width = Math.max(0, ...report.phases.map(({ phase }) => phase.length));
  const phases = report.phases.map(({ phase, seconds }) => `${phase.padEnd(width)}  ${milliseconds(seconds)}`);
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

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => `${(index === 0 ? title : "").padEnd(TITLE_WIDTH)}${line}`);
}

function milliseconds(seconds: number): string {
  return `${(seconds * 1000).toFixed(1).padStart(9)} ms`;
}
