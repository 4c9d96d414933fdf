import { z } from "zod";
import { bytes } from "./bytes.ts";
import { hexBytes } from "./hex-bytes.ts";

/** What a reply must hold, all of it, and what it must not hold; each part is never empty. */
export interface ContentChecks {
  readonly required: readonly Uint8Array[];
  readonly forbidden: readonly Uint8Array[];
}

const part = bytes.refine((content) => content.length > 0, "expected something to look for, found nothing");
const parts = oneOrMore(part);
const hexParts = oneOrMore(hexBytes);

/** The keys of such checks, as text or as hexadecimal digits, one value or a list; spread into a strict object. */
export const contentChecksShape = {
  required_content: parts.optional(),
  required_content_hex: hexParts.optional(),
  forbidden_content: parts.optional(),
  forbidden_content_hex: hexParts.optional(),
};

/** The checks that these keys describe. */
export function readContentChecks(raw: {
  readonly required_content?: readonly Uint8Array[] | undefined;
  readonly required_content_hex?: readonly Uint8Array[] | undefined;
  readonly forbidden_content?: readonly Uint8Array[] | undefined;
  readonly forbidden_content_hex?: readonly Uint8Array[] | undefined;
}): ContentChecks {
  return {
    required: [...(raw.required_content ?? []), ...(raw.required_content_hex ?? [])],
    forbidden: [...(raw.forbidden_content ?? []), ...(raw.forbidden_content_hex ?? [])],
  };
}

function oneOrMore(single: z.ZodType<Uint8Array>): z.ZodType<readonly Uint8Array[]> {
  return z.union([single.transform((one): readonly Uint8Array[] => [one]), z.array(single)]);
}
