/** A mailbox's name as it is sent, in modified UTF-7 (RFC 3501 §5.1.3): `Entwürfe` is `Entw&APw-rfe`, `R&D` is `R&-D`. */
export function encodeMailboxName(name: string): string {
  return name.replaceAll(/&|[^\u0020-\u007e]+/gu, (part) => (part === "&" ? "&-" : `&${encodePart(part)}-`));
}

/** UTF-16 in BASE64, with a comma for the slash, which separates levels of mailboxes. */
function encodePart(part: string): string {
  const bigEndian = Buffer.from(part, "utf16le").swap16();
  return bigEndian.toString("base64").replaceAll("=", "").replaceAll("/", ",");
}
