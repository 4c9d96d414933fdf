import { z } from "zod";

/** Seconds, from the spelling of Go's time.ParseDuration: `1h30m`, `1.5s`, `250ms`; may be zero or negative. */
export const duration = z.unknown().transform((value, context): number => {
  const seconds = typeof value === "string" ? parseDuration(value) : undefined;
  if (seconds !== undefined) return seconds;
  context.addIssue({ code: "custom", message: 'expected a duration such as "5s"' });
  return z.NEVER;
});

/** The seconds of `1h30m`, or undefined where the text is no duration. */
function parseDuration(text: string): number | undefined {
  const sign = text.startsWith("-") ? -1 : 1;
  const magnitude = text.replace(/^[+-]/u, "");
  if (magnitude === "0") return 0;
  if (!WHOLE.test(magnitude)) return undefined;
  let nanoseconds = 0;
  for (const [, amount, unit] of magnitude.matchAll(PART)) {
    nanoseconds += Number(amount) * (NANOSECONDS.get(unit ?? "") ?? Number.NaN);
  }
  return nanoseconds > LONGEST_NANOSECONDS ? undefined : (sign * nanoseconds) / 1e9;
}

const WHOLE = /^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/u;
const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gu;

/** Both characters that look like a micro sign (U+00B5, U+03BC) are accepted, as Go does. */
const NANOSECONDS: ReadonlyMap<string, number> = new Map([
  ["ns", 1],
  ["us", 1e3],
  ["µs", 1e3],
  ["μs", 1e3],
  ["ms", 1e6],
  ["s", 1e9],
  ["m", 60e9],
  ["h", 3600e9],
]);

/** Go keeps durations as signed 64-bit nanoseconds, which is about 292 years. */
const LONGEST_NANOSECONDS = 2 ** 63;
