import { DER, type DerElement, derChildren, derElements, derObjectIdentifier } from "./certificate-der.ts";

/**
 * A subject or issuer (the DER of its `Name`) as Go's `pkix.Name.String()` writes it: known attributes in Go's order
 * whatever their order in the certificate, several of a kind joined by `+`, unknown ones last as hexadecimal DER.
 */
export function distinguishedName(der: Buffer): string {
  const attributes = readAttributes(der);
  const known = ATTRIBUTES.flatMap((kind) => {
    const values = attributes.filter((attribute) => attribute.type === kind.type).map((attribute) => attribute.text);
    const texts = values.filter((value) => value !== undefined);
    const shown = "single" in kind ? texts.slice(-1).filter((text) => text !== "") : texts;
    return shown.length === 0 ? [] : [shown.map((text) => `${kind.name}=${escapeValue(text)}`).join("+")];
  });
  const unknown = attributes
    .filter((attribute) => ATTRIBUTES.every((kind) => kind.type !== attribute.type))
    .map((attribute) => `${attribute.type}=#${encodedAsGo(attribute).toString("hex")}`)
    .toReversed();
  return clip([...known, ...unknown].join(","));
}

/**
 * The longest name that is shown, in characters. Names end in labels, log lines and pages, and a peer may send one of
 * a hundred thousand characters; real ones have fewer than 300.
 */
const LONGEST_NAME = 1000;

/** The attributes that Go knows by name, in the order in which it writes them; of single ones it keeps the last. */
const ATTRIBUTES = [
  { type: "2.5.4.5", name: "SERIALNUMBER", single: true },
  { type: "2.5.4.3", name: "CN", single: true },
  { type: "2.5.4.17", name: "POSTALCODE" },
  { type: "2.5.4.9", name: "STREET" },
  { type: "2.5.4.8", name: "ST" },
  { type: "2.5.4.7", name: "L" },
  { type: "2.5.4.11", name: "OU" },
  { type: "2.5.4.10", name: "O" },
  { type: "2.5.4.6", name: "C" },
] as const;

interface Attribute {
  readonly type: string;
  readonly value: DerElement;
  /** Absent where the value is no string. */
  readonly text: string | undefined;
}

function readAttributes(der: Buffer): readonly Attribute[] {
  return derChildren(der, DER.sequence)
    .flatMap((set) => derElements(set.content))
    .map((attribute) => {
      const [type, value] = derElements(attribute.content);
      if (value === undefined) throw new Error("Wanted an attribute with a value");
      return { type: derObjectIdentifier(type), value, text: DECODERS[value.tag]?.(value.content).toWellFormed() };
    });
}

const latin1 = (content: Buffer) => content.toString("latin1");

/** How each kind of ASN.1 string is read, by its tag; the obsolete T61 is read as Latin-1, as everybody does. */
const DECODERS: Readonly<Record<number, (content: Buffer) => string>> = {
  [DER.utf8String]: (content) => content.toString("utf8"),
  [DER.printableString]: latin1,
  18: latin1,
  20: latin1,
  22: latin1,
  26: latin1,
  30: (content) => new TextDecoder("utf-16be").decode(content),
};

/** RFC 4514 §2.4 as Go applies it: specials anywhere, a space at either end, `#` at the start. */
function escapeValue(text: string): string {
  return text.replaceAll(/[,+"\\<>;]|^[ #]| $/g, "\\$&");
}

/** Go writes strings of unknown attributes anew: as PrintableString where that can hold them, else as UTF8String. */
function encodedAsGo(attribute: Attribute): Buffer {
  if (attribute.text === undefined) return attribute.value.raw;
  const content = Buffer.from(attribute.text, "utf8");
  const tag = /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(attribute.text) ? DER.printableString : DER.utf8String;
  return Buffer.concat([Buffer.from([tag, ...lengthBytes(content.length)]), content]);
}

function lengthBytes(length: number): readonly number[] {
  if (length < 0x80) return [length];
  if (length < 0x100) return [0x81, length];
  if (length < 0x10000) return [0x82, length >> 8, length & 0xff];
  return [0x83, length >> 16, (length >> 8) & 0xff, length & 0xff];
}

function clip(text: string): string {
  return text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME - 1).toWellFormed()}…` : text;
}
