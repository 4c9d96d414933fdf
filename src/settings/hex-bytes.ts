import { z } from "zod";
import { text } from "./text.ts";

/** Bytes written as pairs of hexadecimal digits, e.g. `00ff`, `00 ff`, `00:FF` or `0x00ff`. */
export const hexBytes = text.transform((written, context): Uint8Array => {
  const digits = written.replace(/^0x/iu, "").replaceAll(/[\s:]/gu, "");
  if (/^(?:[\da-f]{2})+$/iu.test(digits)) return Buffer.from(digits, "hex");
  context.addIssue({ code: "custom", message: 'expected bytes as pairs of hexadecimal digits such as "00 ff"' });
  return z.NEVER;
});
