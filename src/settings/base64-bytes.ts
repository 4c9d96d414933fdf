import { z } from "zod";
import { text } from "./text.ts";

/** Bytes in base64 (RFC 4648 §4); white space is ignored, so that a long value may go over several lines. */
export const base64Bytes = text.transform((written, context): Uint8Array => {
  const digits = written.replaceAll(/\s/gu, "");
  if (digits !== "" && digits.length % 4 === 0 && /^[a-z\d+/]+={0,2}$/iu.test(digits))
    return Buffer.from(digits, "base64");
  context.addIssue({ code: "custom", message: 'expected bytes in base64 such as "aGVsbG8="' });
  return z.NEVER;
});
