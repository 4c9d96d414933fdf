import { escapeLabelValue } from "./escape-label-value.ts";
import { familyHeader, METRIC_TYPES, type MetricFamily } from "./family-header.ts";
import { formatValue } from "./format-value.ts";
import { ENDINGS, type TextFormat } from "./text-format.ts";

/** A metric as prom-client hands it out by `getMetricsAsJSON`; its declared type names the numbers of an enum, but a word is what comes. */
interface CollectedMetric {
  readonly name: string;
  readonly help: string;
  readonly type: unknown;
  readonly values: readonly CollectedSample[];
}

interface CollectedSample {
  readonly value: number;
  readonly labels: Readonly<Partial<Record<string, string | number>>>;
}

/**
 * The metrics of a prom-client registry as text. Written here because the registry's own text depends on a format that
 * is set on the registry, which two scrapes at once would change under each other, and spells NaN as `Nan`.
 */
export function registryText(metrics: readonly CollectedMetric[], format: TextFormat): string {
  const families = metrics.map(familyOf).toSorted((left, right) => (left.family.name < right.family.name ? -1 : 1));
  const texts = families.map(({ family, values }) => familyText(family, values, format));
  return texts.join("") + ENDINGS[format];
}

function familyOf({ name, help, type, values }: CollectedMetric): {
  readonly family: MetricFamily;
  readonly values: readonly CollectedSample[];
} {
  const known = METRIC_TYPES.find((word) => word === String(type));
  if (known === undefined) throw new TypeError(`Cannot write ${name}: expected a known type, found ${String(type)}`);
  return { family: { name, help, type: known }, values };
}

function familyText(family: MetricFamily, values: readonly CollectedSample[], format: TextFormat): string {
  if (values.length === 0) return "";
  const lines = values.map((sample) => sampleLine(sample, { family: family.name, format }));
  return familyHeader(family, format) + lines.join("");
}

function sampleLine(
  sample: CollectedSample,
  { family, format }: { readonly family: string; readonly format: TextFormat },
): string {
  const name = "metricName" in sample && typeof sample.metricName === "string" ? sample.metricName : family;
  const labels = Object.entries(sample.labels)
    .map(([label, value]) => `${label}="${labelText(value, format)}"`)
    .toSorted()
    .join(",");
  return `${name}${labels === "" ? "" : `{${labels}}`} ${formatValue(sample.value, format)}\n`;
}

/** A number is a bucket's bound, which is written like a value. */
function labelText(value: string | number | undefined, format: TextFormat): string {
  return typeof value === "number" ? formatValue(value, format) : escapeLabelValue(value ?? "");
}
