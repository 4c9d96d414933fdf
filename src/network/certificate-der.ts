/** One value of a DER encoding (X.690): its tag byte, what it holds, and all of its bytes. */
export interface DerElement {
  readonly tag: number;
  readonly content: Buffer;
  readonly raw: Buffer;
}

/** The tag bytes that certificates are made of (X.680 §8.6, with the "constructed" bit where it belongs). */
export const DER = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The values that stand one after the other in `bytes`, without those inside them. Throws where this is no DER. */
export function derElements(bytes: Buffer): readonly DerElement[] {
  const elements: DerElement[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const element = derElementAt(bytes, offset);
    elements.push(element);
    offset += element.raw.length;
  }
  return elements;
}

/** The values inside the one value that `bytes` are, which must have the given tag. */
export function derChildren(bytes: Buffer, tag: number): readonly DerElement[] {
  const [element, ...rest] = derElements(bytes);
  if (element?.tag !== tag || rest.length > 0) throw new Error(`Wanted one value of tag ${tag}`);
  return derElements(element.content);
}

/** An object identifier in dotted form. */
export function derObjectIdentifier(element: DerElement | undefined): string {
  // Real ones have some ten bytes; reading grows with the square of the length.
  if (element?.tag !== DER.objectIdentifier || element.content.length > 64) throw new Error("Wanted an identifier");
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const byte of element.content) {
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    if (byte >= 0x80) continue;
    arcs.push(arc);
    arc = 0n;
  }
  const [joined = 0n, ...others] = arcs;
  // The first two arcs share a number: 40 times the first plus the second (X.690 §8.19.4).
  const first = joined < 80n ? joined / 40n : 2n;
  return [first, joined - first * 40n, ...others].join(".");
}

const TIME_DIGITS = { [DER.utcTime]: 12, [DER.generalizedTime]: 14 } as const;

/** A date of a certificate in Unix seconds (RFC 5280 §4.1.2.5). */
export function derTime(element: DerElement | undefined): number {
  const digits = element?.tag === DER.utcTime || element?.tag === DER.generalizedTime ? TIME_DIGITS[element.tag] : 0;
  const text = element?.content.toString("latin1") ?? "";
  if (digits === 0 || text.length !== digits + 1 || !/^\d+Z$/.test(text)) throw new Error("Wanted a date");
  // Two digits of a year mean 1950 to 2049.
  const full = digits === 14 ? text : `${Number(text.slice(0, 2)) < 50 ? "20" : "19"}${text}`;
  const iso = full.replace(/^(....)(..)(..)(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6Z");
  const milliseconds = Date.parse(iso);
  if (Number.isNaN(milliseconds)) throw new Error("Wanted a date that exists");
  return milliseconds / 1000;
}

/** The value that begins at an offset, for who reads a long list without keeping all of it. Throws where this is no DER. */
export function derElementAt(bytes: Buffer, offset: number): DerElement {
  const tag = bytes[offset];
  const length = bytes[offset + 1];
  if (tag === undefined || length === undefined) throw new Error("The encoding ends early");
  // Certificates have no tag above 30, so a tag is one byte.
  if ((tag & 0x1f) === 0x1f) throw new Error("The encoding has a tag of several bytes");
  const { start, size } = length < 0x80 ? { start: offset + 2, size: length } : longLength(bytes, offset);
  const end = start + size;
  if (end > bytes.length) throw new Error("The encoding ends early");
  return { tag, content: bytes.subarray(start, end), raw: bytes.subarray(offset, end) };
}

function longLength(bytes: Buffer, offset: number): { readonly start: number; readonly size: number } {
  const count = (bytes[offset + 1] ?? 0) & 0x7f;
  const start = offset + 2 + count;
  // Zero is BER's indefinite length, which DER forbids; four bytes are far more than TLS carries.
  if (count === 0 || count > 4 || start > bytes.length) throw new Error("The encoding has a wrong length");
  return { start, size: bytes.readUIntBE(offset + 2, count) };
}
