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
  for (const samples of collectSamples(report, codes)) if (samples !== undefined) text += samples.text(format);
  return text + ENDINGS[format];
}

type FamilyName = keyof typeof DEFINITIONS;

type Labels = Readonly<Record<string, string>>;

type Add = (name: FamilyName, value: number, labels?: Labels) => void;

/** By family, in the order in which they are written; undefined for a family of which the report has nothing. */
function collectSamples(report: Report, codes: readonly StatusCode[]): readonly (FamilySamples | undefined)[] {
  const samples = FAMILIES.map((): FamilySamples | undefined => undefined);
  const add: Add = (name, value, labels = NO_LABELS) => {
    const index = INDEX.get(name) ?? -1;
    const family = FAMILIES[index];
    if (family === undefined) throw new TypeError(`Metric is not in the table of measurements: ${name}`);
    const text = labelsText(family, labels);
    const known = samples[index];
    if (known === undefined) samples[index] = new FamilySamples(family, { labels: text, value });
    else known.set(text, value);
  };
  addReportMetrics(report, add);
  addCodes(codes, add);
  for (const { name, value, labels } of report.measurements) add(name, value, labels);
  return samples;
}

/** The series of one family in a report; a series that is set twice has its last value. */
class FamilySamples {
  readonly #family: Family;
  /** The text of the labels, braces included. */
  readonly #labels: string;
  #value: number;
  /** Those after the first, which most families do not have. */
  #others: Map<string, number> | undefined = undefined;

  constructor(family: Family, { labels, value }: { readonly labels: string; readonly value: number }) {
    this.#family = family;
    this.#labels = labels;
    this.#value = value;
  }

  set(labels: string, value: number): void {
    if (labels === this.#labels) this.#value = value;
    else (this.#others ??= new Map()).set(labels, value);
  }

  text(format: TextFormat): string {
    const { name, headers } = this.#family;
    let text = `${headers[format]}${this.#labels} ${formatValue(this.#value, format)}\n`;
    if (this.#others === undefined) return text;
    for (const [labels, value] of this.#others) text += `${name}${labels} ${formatValue(value, format)}\n`;
    return text;
  }
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
      prometheus: familyHeader({ name, help, type: "gauge" }, "prometheus") + name,
      openmetrics: familyHeader({ name, help, type: "gauge" }, "openmetrics") + name,
    },
  }))
  .toSorted((left, right) => (left.name < right.name ? -1 : 1));

const INDEX: ReadonlyMap<string, number> = new Map(FAMILIES.map(({ name }, index) => [name, index]));
