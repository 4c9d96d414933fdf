import { z } from "zod";

/** A whole number; the loader hands unusual spellings (`0010`, `1_000`) over as text, and only plain ones are read. */
export const integer = z.unknown().transform((value, context): number => {
  const read = asNumber(value, /^[+-]?\d{1,15}$/u);
  if (read !== undefined && Number.isSafeInteger(read)) return read;
  context.addIssue({ code: "custom", message: "expected a whole number" });
  return z.NEVER;
});

/** A number with or without a fraction (`0.50`, `1e3`), never infinite. */
export const decimal = z.unknown().transform((value, context): number => {
  const read = asNumber(value, /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/u);
  if (read !== undefined && Number.isFinite(read)) return read;
  context.addIssue({ code: "custom", message: "expected a number" });
  return z.NEVER;
});

function asNumber(value: unknown, spelling: RegExp): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && spelling.test(value) ? Number(value) : undefined;
}
