import type { TextFormat } from "./text-format.ts";

/** Prometheus asks with about five media ranges in 300 characters; what lies beyond is not worth reading. */
const MOST_CHARACTERS = 1_000;

/** The versions of OpenMetrics whose text is what we write; one that asks for no version gets 1.0.0. */
const OPENMETRICS_VERSIONS: ReadonlySet<string> = new Set(["", "1.0.0", "0.0.1"]);

/**
 * The format that an `Accept` header (RFC 9110 §12.5.1) prefers. OpenMetrics only where it is named and weighs at
 * least as much as any text that we could send instead; whatever else is asked for gets Prometheus text.
 */
export function negotiateFormat(accept: string | undefined): TextFormat {
  if (accept === undefined || !/openmetrics/i.test(accept)) return "prometheus";
  const ranges = accept.slice(0, MOST_CHARACTERS).split(",").map(readRange);
  const openmetrics = heaviest(ranges.filter(isOpenmetrics));
  return openmetrics > 0 && openmetrics >= heaviest(ranges.filter(isPrometheusText)) ? "openmetrics" : "prometheus";
}

interface MediaRange {
  readonly type: string;
  readonly version: string;
  readonly weight: number;
}

function readRange(text: string): MediaRange {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const values = new Map(parameters.map(readParameter));
  return { type, version: values.get("version") ?? "", weight: readWeight(values.get("q")) };
}

function readParameter(text: string): readonly [string, string] {
  const [name = "", value = ""] = text.split("=", 2).map((part) => part.trim());
  return [name, value.replaceAll('"', "")];
}

/** No weight means 1; one that cannot be read counts as a refusal rather than as a wish. */
function readWeight(text: string | undefined): number {
  if (text === undefined) return 1;
  return /^(?:0(?:\.\d*)?|1(?:\.0*)?)$/.test(text) ? Number(text) : 0;
}

function isOpenmetrics({ type, version }: MediaRange): boolean {
  return type === "application/openmetrics-text" && OPENMETRICS_VERSIONS.has(version);
}

/** Only 0.0.4 is ours to send; Prometheus 3 names 1.0.0 too, which differs by quoted names that we never need. */
function isPrometheusText({ type }: MediaRange): boolean {
  return type === "text/plain";
}

function heaviest(ranges: readonly MediaRange[]): number {
  return ranges.reduce((weight, range) => Math.max(weight, range.weight), 0);
}
