import type { TextFormat } from "./text-format.ts";

/**
 * A sample's value as Go's exporters write it: the shortest digits that read back the same, with an exponent of at
 * least two digits from 1e+06 on and below 1e-04. OpenMetrics marks whole numbers as floats (`200.0`), again as Go does.
 */
export function formatValue(value: number, format: TextFormat): string {
  const text = shortest(value);
  return format === "openmetrics" && Number.isFinite(value) && !/[.e]/.test(text) ? `${text}.0` : text;
}

function shortest(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 1e-4 && size < 1e6) return String(value);
  if (Number.isNaN(value)) return "NaN";
  if (size === Infinity) return value > 0 ? "+Inf" : "-Inf";
  const text = value.toExponential();
  const exponentAt = text.indexOf("e") + 2;
  return text.length - exponentAt > 1 ? text : `${text.slice(0, exponentAt)}0${text.slice(exponentAt)}`;
}
