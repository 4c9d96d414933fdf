import { z } from "zod";

/** A share of a whole, from `90%` or `0.9`; more than nothing and at most all of it. */
export const percentage = z.unknown().transform((value, context): number => {
  const ratio = parseRatio(value);
  if (ratio !== undefined && ratio > 0 && ratio <= 1) return ratio;
  context.addIssue({ code: "custom", message: 'expected a percentage such as "90%"' });
  return z.NEVER;
});

function parseRatio(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  const { digits, sign } = /^(?<digits>\d{1,3}(?:\.\d{1,6})?|0?\.\d{1,6}) ?(?<sign>%?)$/u.exec(value)?.groups ?? {};
  if (digits === undefined) return undefined;
  return sign === "%" ? Number(digits) / 100 : Number(digits);
}
