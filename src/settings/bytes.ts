import { z } from "zod";
import { text } from "./text.ts";

/** Bytes to send or to expect: `!!binary` as it is, any other scalar as UTF-8. */
export const bytes = z.unknown().transform((value, context): Uint8Array => {
  if (value instanceof Uint8Array) return value;
  const read = text.safeParse(value);
  if (read.success) return new TextEncoder().encode(read.data);
  context.addIssue({ code: "custom", message: "expected a string or !!binary" });
  return z.NEVER;
});
