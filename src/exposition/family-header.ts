import type { TextFormat } from "./text-format.ts";

export const METRIC_TYPES = ["gauge", "counter", "histogram", "summary"] as const;

export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: (typeof METRIC_TYPES)[number];
}

/**
 * The HELP and TYPE lines before a family's samples. OpenMetrics escapes quotes as well, and calls a counter by its
 * name without `_total`, which only the samples carry.
 */
export function familyHeader({ name, help, type }: MetricFamily, format: TextFormat): string {
  const escaped = help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  if (format === "prometheus") return `# HELP ${name} ${escaped}\n# TYPE ${name} ${type}\n`;
  const family = type === "counter" ? name.replace(/_total$/, "") : name;
  return `# HELP ${family} ${escaped.replaceAll('"', '\\"')}\n# TYPE ${family} ${type}\n`;
}
