import { codesOf } from "../catalogue/codes-of.ts";
import { renderReport } from "../exposition/probe-text.ts";
import { LOG_LEVELS, type LogLevel, type Report } from "../outcome/report.ts";
import type { ConfigurationView } from "./configuration-view.ts";
import { formatLogfmt } from "./log-line.ts";
import { visibleText } from "./visible-text.ts";

/** A probe for a person: its log, how it ended and why, its metrics and its module's settings. Holds no secret. */
export function debugText(
  report: Report,
  shown: { readonly configuration: ConfigurationView; readonly level: LogLevel | "none" },
): string {
  const codes = codesOf(report);
  const sections = [
    ["Logs for the probe:", ...logLines(report, shown.level)],
    [
      `Outcome: ${report.outcome}`,
      ...codes.map(({ catalogue, list, code, message }) => `Code: ${catalogue} ${list} ${code} (${message})`),
      ...(report.detail === "" ? [] : [`Detail: ${visibleText(report.detail)}`]),
      ...(report.cancelled ? ["Cancelled: nobody waited for the answer"] : []),
    ],
    ["Metrics that would have been returned:", renderReport(report, { codes, format: "prometheus" }).trimEnd()],
    ["Module configuration:", shown.configuration.moduleText(report.module)?.trimEnd() ?? "There is no such module."],
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n\n")}\n`;
}

function logLines(report: Report, least: LogLevel | "none"): readonly string[] {
  if (least === "none") return [];
  const rank = LOG_LEVELS.indexOf(least);
  const fields = { module: report.module, target: report.target };
  return report.log
    .filter(({ level }) => LOG_LEVELS.indexOf(level) >= rank)
    .map((line) => formatLogfmt({ ...line, fields: { ...fields, ...line.fields } }));
}
