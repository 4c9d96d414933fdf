import { DER, type DerElement, derChildren, derElements, derObjectIdentifier } from "./certificate-der.ts";

/** What a certificate's extensions say, as far as a verdict depends on it (RFC 5280 §4.2.1). */
export interface CertificateExtensions {
  readonly basicConstraints: { readonly authority: boolean; readonly pathLength: number | undefined } | undefined;
  /** Whether it may sign certificates; absent where the extension is. */
  readonly signsCertificates: boolean | undefined;
  /** Object identifiers of the purposes that it is limited to, if it is. */
  readonly purposes: readonly string[] | undefined;
  readonly alternativeNames: AlternativeNames;
  readonly nameConstraints: NameConstraints | undefined;
  /** Hexadecimal; empty where there is none. */
  readonly subjectKeyIdentifier: string;
  readonly authorityKeyIdentifier: string;
  /** Whether the server has to send proof that it was not revoked along (RFC 7633). */
  readonly mustStaple: boolean;
  /** How many logs have promised to publish it, as it says itself (RFC 6962 §3.3); absent where that is garbled. */
  readonly embeddedTimestamps: number | undefined;
  /** Where lists of revoked certificates are, as DER (RFC 5280 §4.2.1.13); absent where it does not say. */
  readonly distributionPoints: Buffer | undefined;
  /** Critical extensions that nothing here knows: who does not understand them has to refuse the certificate. */
  readonly unknownCritical: readonly string[];
}

/** The names that a certificate is for. */
interface AlternativeNames {
  readonly dnsNames: readonly string[];
  /** Four or sixteen bytes each. */
  readonly addresses: readonly Buffer[];
  /** The tags of further forms of names that it has (e-mail, URI, directory …). */
  readonly otherForms: ReadonlySet<number>;
}

/** Where the names of the certificates below may and may not lie (RFC 5280 §4.2.1.10). */
export interface NameConstraints {
  readonly critical: boolean;
  readonly permitted: NameSubtrees;
  readonly excluded: NameSubtrees;
}

export interface NameSubtrees {
  readonly dnsNames: readonly string[];
  readonly networks: readonly { readonly address: Buffer; readonly mask: Buffer }[];
  readonly otherForms: ReadonlySet<number>;
}

const NO_NAMES: AlternativeNames = { dnsNames: [], addresses: [], otherForms: new Set() };

export const NO_EXTENSIONS: CertificateExtensions = {
  basicConstraints: undefined,
  signsCertificates: undefined,
  purposes: undefined,
  alternativeNames: NO_NAMES,
  nameConstraints: undefined,
  subjectKeyIdentifier: "",
  authorityKeyIdentifier: "",
  mustStaple: false,
  embeddedTimestamps: 0,
  distributionPoints: undefined,
  unknownCritical: [],
};

/** Reads the list of extensions. One that cannot be read is told as the flaw, and the others are still read. */
export function readExtensions(list: DerElement | undefined): {
  readonly extensions: CertificateExtensions;
  readonly flaw: string | undefined;
} {
  const flaws: string[] = [];
  const seen = new Set<string>();
  const extensions: CertificateExtensions = { ...NO_EXTENSIONS };
  const elements = list === undefined ? [] : derElements(list.content);
  if (elements.length > MOST_EXTENSIONS) flaws.push(`It has more than ${MOST_EXTENSIONS} extensions`);
  for (const extension of elements.slice(0, MOST_EXTENSIONS).map((element) => readOne(element))) {
    if (seen.has(extension.type)) flaws.push(`It has the extension ${extension.type} twice`);
    seen.add(extension.type);
    try {
      Object.assign(extensions, understand(extension, extensions));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      flaws.push(`Its extension ${extension.type} cannot be read: ${reason}`);
    }
  }
  return { extensions, flaw: flaws[0] };
}

/** Real certificates have about ten; a hostile one could have ten thousand. */
const MOST_EXTENSIONS = 100;

interface Extension {
  readonly type: string;
  readonly critical: boolean;
  readonly value: Buffer;
}

function readOne(element: DerElement): Extension {
  const [type, ...rest] = derElements(element.content);
  const critical = rest[0]?.tag === DER.boolean && rest[0].content[0] !== 0;
  const value = rest.at(-1);
  if (value?.tag !== DER.octetString) throw new Error("Wanted an extension with a value");
  return { type: derObjectIdentifier(type), critical, value: value.content };
}

function understand(extension: Extension, before: CertificateExtensions): Partial<CertificateExtensions> {
  const reader = READERS[extension.type];
  if (reader !== undefined) return reader(extension);
  if (!extension.critical || HARMLESS.has(extension.type)) return {};
  return { unknownCritical: [...before.unknownCritical, extension.type] };
}

/** Critical extensions that may be passed over: policies, which matter only to who demands one. */
const HARMLESS: ReadonlySet<string> = new Set(["2.5.29.32", "2.5.29.33", "2.5.29.54"]);

const READERS: Readonly<Record<string, (extension: Extension) => Partial<CertificateExtensions>>> = {
  "2.5.29.14": ({ value }) => ({ subjectKeyIdentifier: derElements(value)[0]?.content.toString("hex") ?? "" }),
  "2.5.29.15": ({ value }) => ({ signsCertificates: signsCertificates(value) }),
  "2.5.29.17": ({ value }) => ({ alternativeNames: alternativeNames(value) }),
  "2.5.29.19": ({ value }) => ({ basicConstraints: basicConstraints(value) }),
  "2.5.29.30": ({ value, critical }) => ({
    nameConstraints: nameConstraints(value, critical ? "critical" : "optional"),
  }),
  // Read only where somebody wants to ask there: garbled, it keeps nobody from trusting the certificate.
  "2.5.29.31": ({ value }) => ({ distributionPoints: value }),
  "2.5.29.35": ({ value }) => ({ authorityKeyIdentifier: authorityKeyIdentifier(value) }),
  "2.5.29.37": ({ value }) => ({
    purposes: derChildren(value, DER.sequence).map((purpose) => derObjectIdentifier(purpose)),
  }),
  "1.3.6.1.5.5.7.1.24": ({ value }) => ({
    mustStaple: derChildren(value, DER.sequence).some((feature) => feature.content.equals(STATUS_REQUEST)),
  }),
  "1.3.6.1.4.1.11129.2.4.2": ({ value }) => ({ embeddedTimestamps: countTimestamps(value) }),
};

/** Bit 5 from the left is keyCertSign; the first byte of a bit string counts its unused bits (RFC 5280 §4.2.1.3). */
function signsCertificates(value: Buffer): boolean {
  const [bits] = derElements(value);
  if (bits?.tag !== DER.bitString) throw new Error("Wanted a bit string");
  return ((bits.content[1] ?? 0) & 0x04) !== 0;
}

function basicConstraints(value: Buffer): NonNullable<CertificateExtensions["basicConstraints"]> {
  const parts = derChildren(value, DER.sequence);
  const authority = parts.some((part) => part.tag === DER.boolean && part.content[0] !== 0);
  const length = parts.find((part) => part.tag === DER.integer)?.content;
  // Chains are bounded at ten certificates, so that any longer limit is none.
  const pathLength = length === undefined ? undefined : length.length === 1 ? length.readInt8() : 127;
  return { authority, pathLength };
}

/** The extension of TLS by which a client asks for a staple, as a DER integer (RFC 6066 §8). */
const STATUS_REQUEST = Buffer.from([5]);

/** A list as TLS writes it: two bytes of length, then the entries with two bytes of length each (RFC 6962 §3.3). */
function countTimestamps(value: Buffer): number | undefined {
  const list = derElements(value)[0]?.content;
  if (list === undefined || list.length < 2 || list.readUInt16BE(0) !== list.length - 2) return undefined;
  let offset = 2;
  let count = 0;
  while (offset + 2 <= list.length) {
    offset += 2 + list.readUInt16BE(offset);
    count += 1;
  }
  return offset === list.length ? count : undefined;
}

/** The context-specific tags of a GeneralName (RFC 5280 §4.2.1.6). */
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;

function alternativeNames(value: Buffer): AlternativeNames {
  const names = derChildren(value, DER.sequence);
  const addresses = names.filter((name) => name.tag === IP_ADDRESS).map((name) => name.content);
  if (addresses.some((address) => address.length !== 4 && address.length !== 16)) throw new Error("Wanted an address");
  return { dnsNames: dnsNames(names), addresses, otherForms: otherForms(names) };
}

function nameConstraints(value: Buffer, mode: "critical" | "optional"): NameConstraints {
  const parts = derChildren(value, DER.sequence);
  return {
    critical: mode === "critical",
    permitted: subtrees(parts.find((part) => part.tag === 0xa0)),
    excluded: subtrees(parts.find((part) => part.tag === 0xa1)),
  };
}

function subtrees(list: DerElement | undefined): NameSubtrees {
  const bases = derElements(list?.content ?? Buffer.alloc(0)).map((subtree) => {
    const [base, ...bounds] = derElements(subtree.content);
    if (base === undefined || bounds.length > 0) throw new Error("Wanted a subtree of names without bounds");
    return base;
  });
  const networks = bases.filter((base) => base.tag === IP_ADDRESS).map((base) => network(base.content));
  return { dnsNames: dnsNames(bases), networks, otherForms: otherForms(bases) };
}

function network(content: Buffer): NameSubtrees["networks"][number] {
  if (content.length !== 8 && content.length !== 32) throw new Error("Wanted an address and its mask");
  return { address: content.subarray(0, content.length / 2), mask: content.subarray(content.length / 2) };
}

function dnsNames(names: readonly DerElement[]): readonly string[] {
  return names.filter((name) => name.tag === DNS_NAME).map((name) => name.content.toString("latin1"));
}

function otherForms(names: readonly DerElement[]): ReadonlySet<number> {
  return new Set(names.map((name) => name.tag).filter((tag) => tag !== DNS_NAME && tag !== IP_ADDRESS));
}

/** The key identifier alone; issuer and serial number, its rarer companions, are not needed. */
function authorityKeyIdentifier(value: Buffer): string {
  const identifier = derChildren(value, DER.sequence).find((part) => part.tag === 0x80);
  return identifier?.content.toString("hex") ?? "";
}
