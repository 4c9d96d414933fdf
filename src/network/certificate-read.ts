import { createHash, X509Certificate } from "node:crypto";
import { SocketAddress } from "node:net";
import type { CertificateFacts } from "./certificate.ts";
import { DER, type DerElement, derChildren, derElements, derTime } from "./certificate-der.ts";
import { type CertificateExtensions, NO_EXTENSIONS, readExtensions } from "./certificate-extensions.ts";
import { readKey } from "./certificate-key.ts";
import { signatureName } from "./certificate-signature.ts";
import { distinguishedName } from "./distinguished-name.ts";

/** A certificate as the verdict needs it. */
export interface Certificate {
  readonly facts: CertificateFacts;
  readonly x509: X509Certificate;
  /** The DER of both names and of the public key, hexadecimal: made to be compared. */
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: string;
  /** 1 to 3. */
  readonly version: number;
  readonly extensions: CertificateExtensions;
  /** Why it cannot be used at all: some of it cannot be read. */
  readonly flaw: string | undefined;
}

/** Reads a certificate that OpenSSL could read. What else is wrong with it becomes its `flaw`; this never throws for it. */
export function readCertificate(raw: Buffer): Certificate {
  const x509 = new X509Certificate(raw);
  const fingerprintSha256 = fingerprint(raw);
  try {
    return read(x509, fingerprintSha256);
  } catch (error) {
    const flaw = `It cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    return unreadable(x509, { fingerprintSha256, flaw });
  }
}

/** SHA-256 in lower-case hexadecimal. */
export function fingerprint(raw: Buffer): string {
  return createHash("sha256").update(raw).digest("hex");
}

function read(x509: X509Certificate, fingerprintSha256: string): Certificate {
  const [toBeSigned, signatureAlgorithm] = derChildren(x509.raw, DER.sequence);
  const fields = fieldsOf(toBeSigned);
  const { extensions, flaw } = readExtensions(fields.extensions);
  const [notBefore, notAfter] = derElements(fields.validity.content);
  const key = readKey(fields.publicKey);
  return {
    facts: {
      raw: x509.raw,
      fingerprintSha256,
      subject: distinguishedName(fields.subject.raw),
      issuer: distinguishedName(fields.issuer.raw),
      serialNumber: serialNumber(fields.serialNumber.content),
      dnsNames: extensions.alternativeNames.dnsNames,
      addresses: extensions.alternativeNames.addresses.map((address) => addressText(address)),
      notBefore: derTime(notBefore),
      notAfter: derTime(notAfter),
      keyType: key.type,
      keyBits: key.bits,
      publicKeySha256: fingerprint(fields.publicKey.raw),
      embeddedTimestamps: extensions.embeddedTimestamps,
      signatureAlgorithm: signatureName(signatureAlgorithm),
    },
    x509,
    subject: fields.subject.raw.toString("hex"),
    issuer: fields.issuer.raw.toString("hex"),
    publicKey: fields.publicKey.raw.toString("hex"),
    version: fields.version,
    extensions,
    flaw,
  };
}

interface Fields {
  readonly version: number;
  readonly serialNumber: DerElement;
  readonly issuer: DerElement;
  readonly validity: DerElement;
  readonly subject: DerElement;
  readonly publicKey: DerElement;
  /** The list of extensions, where there is one. */
  readonly extensions: DerElement | undefined;
}

/** The parts of a TBSCertificate (RFC 5280 §4.1): a version may come first, three optional parts last. */
function fieldsOf(toBeSigned: DerElement | undefined): Fields {
  const parts = derElements(toBeSigned?.content ?? Buffer.alloc(0));
  const versioned = parts[0]?.tag === EXPLICIT_VERSION;
  const [serial, , issuer, validity, subject, publicKey, ...optional] = versioned ? parts.slice(1) : parts;
  if (!serial || !issuer || !validity || !subject || !publicKey) throw new Error("Wanted all fields of a certificate");
  const version = versioned ? (parts[0]?.content.at(-1) ?? 0) + 1 : 1;
  const wrapped = optional.find((part) => part.tag === EXPLICIT_EXTENSIONS);
  const extensions = wrapped === undefined ? undefined : derElements(wrapped.content)[0];
  return { version, serialNumber: serial, issuer, validity, subject, publicKey, extensions };
}

const EXPLICIT_VERSION = 0xa0;
const EXPLICIT_EXTENSIONS = 0xa3;

/** The magnitude of the number, without leading zero bytes; legal ones have up to 20 bytes, and they end in a label. */
function serialNumber(content: Buffer): string {
  if (content.length > 64) throw new Error("Wanted a serial number of at most 64 bytes");
  const negative = ((content[0] ?? 0) & 0x80) !== 0;
  if (!negative) return content.toString("hex").replace(/^(00)+/, "");
  const magnitude = (1n << BigInt(content.length * 8)) - BigInt(`0x${content.toString("hex")}`);
  const digits = magnitude.toString(16);
  return digits.length % 2 === 0 ? digits : `0${digits}`;
}

function addressText(address: Buffer): string {
  if (address.length === 4) return address.join(".");
  const groups = Array.from({ length: 8 }, (_, index) => address.readUInt16BE(index * 2).toString(16));
  return new SocketAddress({ address: groups.join(":"), family: "ipv6" }).address;
}

function unreadable(
  x509: X509Certificate,
  known: { readonly fingerprintSha256: string; readonly flaw: string },
): Certificate {
  return {
    facts: {
      raw: x509.raw,
      fingerprintSha256: known.fingerprintSha256,
      subject: "",
      issuer: "",
      serialNumber: "",
      dnsNames: [],
      addresses: [],
      notBefore: Number.NaN,
      notAfter: Number.NaN,
      keyType: "",
      keyBits: undefined,
      publicKeySha256: "",
      embeddedTimestamps: undefined,
      signatureAlgorithm: "",
    },
    x509,
    subject: "",
    issuer: "",
    publicKey: "",
    version: 3,
    extensions: NO_EXTENSIONS,
    flaw: known.flaw,
  };
}
