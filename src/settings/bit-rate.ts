import { z } from "zod";

/** Bytes per second, from a network's rate such as `100Mbit/s` or `12.5MB/s`; units count by 1000, as networks do. */
export const bitRate = z.unknown().transform((value, context): number => {
  const rate = typeof value === "string" ? parseRate(value) : undefined;
  if (rate !== undefined && rate > 0) return rate;
  context.addIssue({ code: "custom", message: 'expected a rate such as "100Mbit/s" or "12.5MB/s"' });
  return z.NEVER;
});

function parseRate(text: string): number | undefined {
  const { amount, prefix, unit } = RATE.exec(text)?.groups ?? {};
  if (amount === undefined || prefix === undefined) return undefined;
  const units = Number(amount) * 1000 ** PREFIXES.indexOf(prefix.toUpperCase());
  return unit === "B" ? units : units / 8;
}

const RATE = /^(?<amount>\d{1,12}(?:\.\d{1,6})?) ?(?<prefix>[kKMGT]?)(?:(?<unit>B)|bit|b)(?:\/s|ps)$/u;
const PREFIXES = ["", "K", "M", "G", "T"];
