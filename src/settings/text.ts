import { z } from "zod";

/**
 * A string of the configuration. YAML's numbers and booleans are text here too, so that `password: 12345` needs no
 * quotes; the loader keeps such scalars exactly as they were written. `!!binary` is decoded as UTF-8, nothing is "".
 */
export const text = z.unknown().transform((value, context) => {
  const found = asText(value);
  if (found !== undefined) return found;
  context.addIssue({ code: "custom", message: "expected a string" });
  return z.NEVER;
});

function asText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value === null) return "";
  if (value instanceof Uint8Array) return new TextDecoder("utf-8", { ignoreBOM: true }).decode(value);
  return undefined;
}
