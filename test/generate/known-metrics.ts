import { createOwnMetrics } from "../../src/exposition/own-metrics.ts";
import { serviceText } from "../../src/exposition/service-text.ts";
import { RULE_FILES } from "../../src/generate/alerts/rule-files.ts";
import { MEASUREMENTS, REPORT_METRICS } from "../../src/outcome/measurement.ts";
import type { Report } from "../../src/outcome/report.ts";
import type { ServiceStatus } from "../../src/outcome/service-status.ts";

/** The names of every series that a query can ask for: the exporter's, those of recording rules, and Prometheus' own. */
export async function knownMetrics(): Promise<ReadonlySet<string>> {
  const records = RULE_FILES.flatMap(({ groups }) => groups.flatMap(({ rules }) => rules)).flatMap((rule) =>
    "record" in rule ? [rule.record] : [],
  );
  return new Set([
    ...Object.keys(REPORT_METRICS),
    ...Object.keys(MEASUREMENTS),
    ...(await ownMetrics()),
    ...records,
    "up",
    "ALERTS",
  ]);
}

async function ownMetrics(): Promise<readonly string[]> {
  const metrics = createOwnMetrics({
    version: "0",
    nodeVersion: "0",
    codes: [],
    icmpMethod: "none",
    lastReload: () => ({ successful: true, succeededAt: undefined }),
  });
  metrics.probeStarted();
  metrics.probeEnded(REPORT);
  const service: ServiceStatus = {
    service: "a",
    module: "a",
    target: "a",
    subject: "http",
    outcome: "success",
    httpStatus: 200,
    probedAt: 0,
  };
  const text = (await metrics.render("prometheus")) + serviceText([service], "prometheus");
  return [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = "", type]) =>
    type === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );
}

/** What counts probes appears with the first. */
const REPORT: Report = {
  module: "a",
  subject: "http",
  target: "a",
  outcome: "success",
  detail: "",
  httpStatus: 200,
  startedAt: 0,
  durationSeconds: 1,
  timeoutSeconds: 1,
  phases: [],
  measurements: [],
  log: [],
  cancelled: false,
};

/** The names in an expression of PromQL that stand where a metric does; labels and functions are not among them. */
export function metricsIn(expression: string): readonly string[] {
  const bare = expression
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, "")
    .replaceAll(/\{[^}]*\}/g, " ")
    .replaceAll(/\[[^\]]*\]/g, " ")
    .replaceAll(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, " ");
  return [...bare.matchAll(/[a-zA-Z_][\w:]*(?!\w|:|\s*\()/g)].map(([name]) => name).filter((name) => !WORDS.has(name));
}

const WORDS: ReadonlySet<string> = new Set(["and", "or", "unless", "bool", "offset"]);
