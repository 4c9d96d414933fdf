import type { StatusCode } from "../catalogue/status-code.ts";
import { MEASUREMENTS, type MeasurementDefinition, REPORT_METRICS } from "../outcome/measurement.ts";
import { isSuccess, type Outcome, splitOutcome } from "../outcome/outcome.ts";
import type { Report } from "../outcome/report.ts";
import { escapeLabelValue } from "./escape-label-value.ts";
import { familyHeader } from "./family-header.ts";
import { formatValue } from "./format-value.ts";
import { freeLabelsText } from "./free-labels-text.ts";
import { ENDINGS, type TextFormat } from "./text-format.ts";

export interface RenderOptions {
  /** The documented codes of the report's outcome. */
  readonly codes: readonly StatusCode[];
  readonly format: TextFormat;
}

/**
 * A report as the text that Prometheus scrapes: families by name, each with HELP and TYPE, and no series twice. Written
 * without a metrics registry, for this runs for every probe.
 */
export function renderReport(report: Report, { codes, format }: RenderOptions): string {
  let text = "";
  for (const { family, series } of collectSamples(report, codes)) {
    if (series === undefined) continue;
    text += family.headers[format];
    for (const [labels, value] of series) text += `${family.name}${labels} ${formatValue(value, format)}\n`;
  }
  return text + ENDINGS[format];
}

type FamilyName = keyof typeof DEFINITIONS;

type Labels = Readonly<Record<string, string>>;

/** The series of one family in this report, if any: the text of the labels, braces included, and the value. */
interface FamilySamples {
  readonly family: Family;
  series: Map<string, number> | undefined;
}

type Add = (name: FamilyName, value: number, labels?: Labels) => void;

function collectSamples(report: Report, codes: readonly StatusCode[]): readonly FamilySamples[] {
  const samples: readonly FamilySamples[] = FAMILIES.map((family) => ({ family, series: undefined }));
  const add: Add = (name, value, labels = NO_LABELS) => {
    const entry = samples[INDEX.get(name) ?? -1];
    if (entry === undefined) throw new TypeError(`Metric is not in the table of measurements: ${name}`);
    entry.series ??= new Map();
    entry.series.set(labelsText(entry.family, labels), value);
  };
  addReportMetrics(report, add);
  addCodes(codes, add);
  for (const { name, value, labels } of report.measurements) add(name, value, labels);
  return samples;
}

function addReportMetrics(report: Report, add: Add): void {
  if (!RESTING.has(report.outcome)) add("probe_success", isSuccess(report.outcome) ? 1 : 0);
  add("probe_duration_seconds", report.durationSeconds);
  add("probe_timeout_seconds", report.timeoutSeconds);
  add("probe_outcome_info", 1, { outcome: report.outcome, ...splitOutcome(report.outcome) });
  for (const { phase, seconds } of report.phases) add("probe_phase_duration_seconds", seconds, { phase });
}

/** What nobody probed neither succeeded nor failed: an alert on `probe_success == 0` must not fire for it. */
const RESTING: ReadonlySet<Outcome> = new Set(["state/created", "state/disabled"]);

function addCodes(codes: readonly StatusCode[], add: Add): void {
  for (const { catalogue, list, code, message } of codes) {
    add("probe_status_code", code, { catalogue, list });
    add("probe_status_info", 1, { catalogue, list, code: String(code), message });
  }
}

function labelsText({ labels: names }: Family, labels: Labels): string {
  if (names === "free") return freeLabelsText(labels);
  let text = "";
  for (const name of names) {
    text += `${text === "" ? "{" : ","}${name}="${escapeLabelValue(labels[name] ?? "")}"`;
  }
  return text === "" ? "" : `${text}}`;
}

const NO_LABELS: Labels = {};

const DEFINITIONS = { ...REPORT_METRICS, ...MEASUREMENTS } as const;

interface Family {
  readonly name: string;
  /** By name, as Go's exporters write them. */
  readonly labels: readonly string[] | "free";
  readonly headers: Readonly<Record<TextFormat, string>>;
}

/** In the order in which they are written. */
const FAMILIES: readonly Family[] = Object.entries<MeasurementDefinition>(DEFINITIONS)
  .map(([name, { help, labels }]) => ({
    name,
    labels: labels === "free" ? labels : labels.toSorted(),
    headers: {
      prometheus: familyHeader({ name, help, type: "gauge" }, "prometheus"),
      openmetrics: familyHeader({ name, help, type: "gauge" }, "openmetrics"),
    },
  }))
  .toSorted((left, right) => (left.name < right.name ? -1 : 1));

const INDEX: ReadonlyMap<string, number> = new Map(FAMILIES.map(({ name }, index) => [name, index]));
