import type { ExpectLabel } from "../settings/query-response.ts";
import type { Captures } from "../settings/regular-expression.ts";
import { expandTemplate } from "./expand-template.ts";
import type { ProbeContext } from "./prober.ts";

/** Measures `probe_expect_info` with the labels of an expectation that was met, filled with what it captured. */
export function exposeLabels(
  labels: readonly ExpectLabel[],
  { captures, context }: { readonly captures: Captures | undefined; readonly context: ProbeContext },
): void {
  if (labels.length === 0) return;
  const values = labels.map(({ name, value }) => [name, labelValue(value, captures)]);
  context.measure("probe_expect_info", 1, Object.fromEntries(values));
}

function labelValue(template: string, captures: Captures | undefined): string {
  const value = captures === undefined ? template : expandTemplate(template, captures);
  return value.slice(0, LONGEST_LABEL).toWellFormed();
}

/** A label tells a version or a name; Prometheus keeps every value that a target ever sends. */
const LONGEST_LABEL = 1000;
