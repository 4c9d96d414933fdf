import { z } from "zod";

/** Bytes, from `10MB`, `1.5MiB`, `1MB512KB`; every unit counts by 1024. 0 stands for no limit. */
export const byteSize = z.unknown().transform((value, context): number => {
  const size = value === 0 ? 0 : typeof value === "string" ? parseByteSize(value) : undefined;
  if (size !== undefined) return size;
  context.addIssue({ code: "custom", message: 'expected a size such as "10MB" (B, KB, MB, GB …), or 0 for no limit' });
  return z.NEVER;
});

/** The bytes of `1.5MB`, or undefined where the text is no size; a negative size is none, so 0. */
function parseByteSize(text: string): number | undefined {
  const magnitude = text.replace(/^[+-]/u, "");
  if (magnitude === "0") return 0;
  if (!WHOLE.test(magnitude)) return undefined;
  if (text.startsWith("-")) return 0;
  let size = 0;
  for (const [, amount, unit] of magnitude.matchAll(PART)) {
    size += Number(amount) * 1024 ** UNITS.indexOf(unit?.charAt(0) ?? "");
  }
  return Math.floor(size);
}

const WHOLE = /^(?:(?:\d+\.?\d*|\.\d+)(?:B|[KMGTPE]i?B))+$/u;
const PART = /(\d+\.?\d*|\.\d+)(B|[KMGTPE]i?B)/gu;
const UNITS = ["B", "K", "M", "G", "T", "P", "E"];
