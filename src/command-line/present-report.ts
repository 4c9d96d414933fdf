import { codesOf } from "../catalogue/codes-of.ts";
import { renderReport } from "../exposition/probe-text.ts";
import type { Report } from "../outcome/report.ts";
import { formatLogfmt } from "../web/log-line.ts";

/**
 * A report for a person at a terminal: outcome, detail, both codes with their meaning, what a server was judged by,
 * warnings, and a line per phase.
 */
export function presentReport(report: Report): string {
  const codes = columns(
    codesOf(report).map(({ catalogue, list, code, message }) => [`${catalogue} ${list} ${code}`, message]),
  );
  const phases = columns(report.phases.map(({ phase, seconds }) => [phase, milliseconds(seconds)]));
  return [
    ...section("Outcome", [report.outcome]),
    ...section("Detail", report.detail === "" ? [] : [report.detail]),
    ...section("Codes", codes),
    ...section("Values", valuesOf(report)),
    ...section("Warnings", report.log.filter(({ level }) => level === "warn").map(formatLogfmt)),
    ...section("Phases", phases),
    ...section("Total", report.timeoutSeconds === 0 ? [] : [total(report)]),
    "",
  ].join("\n");
}

/** As Prometheus is told them, for they are what the limits of the configuration are about. */
function valuesOf(report: Report): readonly string[] {
  const lines = renderReport(report, { codes: [], format: "prometheus" }).split("\n");
  return lines.filter((line) => line.startsWith("probe_server_"));
}

const TITLE_WIDTH = 10;

function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(0, ...rows.map(([first]) => first.length));
  return rows.map(([first, second]) => `${first.padEnd(width)}  ${second}`);
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => `${(index === 0 ? title : "").padEnd(TITLE_WIDTH)}${line}`);
}

function total({ durationSeconds, timeoutSeconds }: Report): string {
  return `${milliseconds(durationSeconds)} of ${timeoutSeconds} s`;
}

function milliseconds(seconds: number): string {
  return `${(seconds * 1000).toFixed(1).padStart(9)} ms`;
}
