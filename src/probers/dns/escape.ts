/** Octets that have a meaning of their own in a name of a zone file, so that a backslash goes before them. */
const SPECIAL_IN_NAMES = new Set(Buffer.from(". '@;()\"\\"));

/** One label of a name as zone files write it (RFC 1035 §5.1); what is not printable as `\DDD`. */
export function escapeLabel(label: Uint8Array): string {
  return escapeBytes(label, SPECIAL_IN_NAMES);
}

const SPECIAL_IN_TEXT = new Set(Buffer.from('"\\'));

/** The inside of a character-string as zone files write it between quotes (RFC 1035 §5.1). */
export function escapeText(bytes: Uint8Array): string {
  return escapeBytes(bytes, SPECIAL_IN_TEXT);
}

/** The bytes as text: a backslash before those that are special, `\DDD` for those that are not printable ASCII. */
export function escapeBytes(bytes: Uint8Array, special: ReadonlySet<number>): string {
  let text = "";
  for (const byte of bytes) {
    if (special.has(byte)) text += `\\${String.fromCharCode(byte)}`;
    else text += byte < 0x20 || byte > 0x7e ? decimalEscape(byte) : String.fromCharCode(byte);
  }
  return text;
}

function decimalEscape(byte: number): string {
  return `\\${String(byte).padStart(3, "0")}`;
}

/** What escaped text stands for, as UTF-8; the reverse of `escapeText`. */
export function unescapeText(text: string): string {
  const bytes: number[] = [];
  for (const [, decimal, quoted, plain] of text.matchAll(/\\(\d{3})|\\(.)|([^\\])/gsu)) {
    if (decimal === undefined) bytes.push(...Buffer.from(quoted ?? plain ?? ""));
    else bytes.push(Number(decimal) & 0xff);
  }
  return Buffer.from(bytes).toString();
}
