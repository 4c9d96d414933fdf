import { isIPv6 } from "node:net";
import { addressBytes } from "../../network/address-bytes.ts";
import { ipv6Text } from "./address-text.ts";
import { unescapeText } from "./escape.ts";
import type { DnsRecord } from "./record.ts";
import { recordTypeName } from "./record-type.ts";

/** Types whose data is text in pieces, in which the letters count as they are. */
const TEXTS: ReadonlySet<string> = new Set(["TXT", "SPF", "AVC", "NINFO", "RESINFO"]);

/**
 * Whether a record's data is what a person calls this value: addresses in any spelling, names in any case and with or
 * without the final dot, text with or without its quotes, a mail exchanger with or without its preference.
 */
export function hasValue(record: DnsRecord, value: string): boolean {
  const type = recordTypeName(record.type);
  if (TEXTS.has(type)) return record.data === value || joinedText(record.data) === value;
  const data = comparable(record.data);
  const wanted = comparable(value);
  return data === wanted || (type === "MX" && data.split(" ")[1] === wanted);
}

/** `"v=spf1 " "-all"` as `v=spf1 -all`. */
function joinedText(data: string): string {
  const pieces = Array.from(data.matchAll(/"((?:[^"\\]|\\.)*)"/gsu), ([, piece = ""]) => unescapeText(piece));
  return pieces.join("");
}

function comparable(data: string): string {
  return data
    .trim()
    .split(/\s+/u)
    .map((word) => (isIPv6(word) ? ipv6Text(addressBytes(word)) : word.toLowerCase().replace(/(?<=.)\.$/u, "")))
    .join(" ");
}
