import {
  DER,
  type DerElement,
  derChildren,
  derElementAt,
  derElements,
  derObjectIdentifier,
  derTime,
} from "./certificate-der.ts";
import type { Certificate } from "./certificate-read.ts";
import { isSignedBy } from "./signed-by.ts";

/** A list of revoked certificates that its issuer has signed (RFC 5280 §5). Times in Unix seconds. */
export interface RevocationList {
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  /** The entries as DER, one after the other. */
  readonly entries: Buffer;
  /** Which certificates it is about. */
  readonly covers: "all" | "users" | "authorities";
  /** The only distribution points for whose certificates it speaks; empty for all of its issuer's. */
  readonly locations: readonly string[];
}

/** Reads a list (DER or PEM) and proves it by the issuer's key. Throws an `Error` that says why it is of no use. */
export function readRevocationList(bytes: Buffer, issuer: Certificate): RevocationList {
  const [list, ...behind] = fewElements(derOf(bytes));
  if (list?.tag !== DER.sequence || behind.length > 0) throw new Error("it is none");
  const [data, algorithm, signature] = fewElements(list.content);
  const isWhole = data?.tag === DER.sequence && algorithm !== undefined && signature?.tag === DER.bitString;
  if (!isWhole || algorithm.raw.length > LONGEST_ALGORITHM_BYTES) throw new Error("it is cut off");
  // What follows takes the issuer's word that the list is no trap.
  if (!isSignedBy({ data, algorithm, signature: signature.content.subarray(1) }, issuer.x509.publicKey)) {
    throw new Error("its signature proves nothing");
  }
  return readData(data, issuer);
}

/** An object identifier with parameters has some ten bytes, with those of PSS some seventy. */
const LONGEST_ALGORITHM_BYTES = 256;

/** The parts of a list and of its data are seven at most; of twenty megabytes of nothing there would be ten million. */
const MOST_PARTS = 10;

function fewElements(bytes: Buffer): readonly DerElement[] {
  const elements: DerElement[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    if (elements.length === MOST_PARTS) throw new Error("it has more parts than a list has");
    const element = derElementAt(bytes, offset);
    elements.push(element);
    offset += element.raw.length;
  }
  return elements;
}

/** A few authorities publish their lists as PEM, though RFC 5280 §4.2.1.13 wants DER. */
function derOf(bytes: Buffer): Buffer {
  const mark = "-----BEGIN X509 CRL-----";
  if (!bytes.subarray(0, mark.length).equals(Buffer.from(mark))) return bytes;
  return Buffer.from(bytes.toString("latin1").replaceAll(/-----[^-]*-----/gu, ""), "base64");
}

/** The parts of a TBSCertList (RFC 5280 §5.1.2): a version may come first; entries and extensions may be missing. */
function readData(data: DerElement, issuer: Certificate): RevocationList {
  const parts = fewElements(data.content);
  const [, name, from, until, ...rest] = parts[0]?.tag === DER.integer ? parts.slice(1) : parts;
  if (name?.raw.toString("hex") !== issuer.subject) throw new Error("it is by another issuer");
  if (until?.tag !== DER.utcTime && until?.tag !== DER.generalizedTime)
    throw new Error("it does not say how long it holds");
  const wrapped = rest.find(({ tag }) => tag === EXPLICIT_EXTENSIONS);
  const extensions = wrapped === undefined ? [] : derChildren(wrapped.content, DER.sequence);
  return {
    thisUpdate: derTime(from),
    nextUpdate: derTime(until),
    entries: rest.find(({ tag }) => tag === DER.sequence)?.content ?? Buffer.alloc(0),
    ...scopeOf(extensions),
  };
}

const EXPLICIT_EXTENSIONS = 0xa0;
const ISSUING_DISTRIBUTION_POINT = "2.5.29.28";

type Scope = Pick<RevocationList, "covers" | "locations">;

/** An extension that is critical and not understood here forbids to use the list (RFC 5280 §5.2): of a delta list, too. */
function scopeOf(extensions: readonly DerElement[]): Scope {
  let scope: Scope = { covers: "all", locations: [] };
  for (const extension of extensions) {
    const [type, ...rest] = derElements(extension.content);
    const value = rest.at(-1);
    const isCritical = rest[0]?.tag === DER.boolean && rest[0].content[0] !== 0;
    if (derObjectIdentifier(type) === ISSUING_DISTRIBUTION_POINT) scope = readScope(value?.content ?? Buffer.alloc(0));
    else if (isCritical) throw new Error(`it has the critical extension ${derObjectIdentifier(type)}`);
  }
  return scope;
}

/** An IssuingDistributionPoint (RFC 5280 §5.2.5). */
function readScope(value: Buffer): Scope {
  const parts = derChildren(value, DER.sequence);
  const isSet = (tag: number): boolean => parts.some((part) => part.tag === tag && part.content[0] !== 0);
  if (isSet(ONLY_SOME_REASONS)) throw new Error("it is for some reasons only");
  if (isSet(INDIRECT)) throw new Error("it is about the certificates of several issuers");
  if (isSet(ONLY_ATTRIBUTE_CERTIFICATES)) throw new Error("it is about attribute certificates");
  const name = parts.find(({ tag }) => tag === NAME);
  const locations = name === undefined ? [] : urlsOf(name);
  if (name !== undefined && locations.length === 0) throw new Error("it is for a place without a URL");
  return { covers: isSet(ONLY_USERS) ? "users" : isSet(ONLY_AUTHORITIES) ? "authorities" : "all", locations };
}

/** The tags within an IssuingDistributionPoint; 0 is the same within a DistributionPoint. */
const NAME = 0xa0;
const ONLY_USERS = 0x81;
const ONLY_AUTHORITIES = 0x82;
const ONLY_SOME_REASONS = 0x83;
const INDIRECT = 0x84;
const ONLY_ATTRIBUTE_CERTIFICATES = 0x85;

const FULL_NAME = 0xa0;
const URL_NAME = 0x86;

/** The URLs of a DistributionPointName; one that is relative to the issuer has none. */
function urlsOf(name: DerElement): readonly string[] {
  const fullName = derElements(name.content).find(({ tag }) => tag === FULL_NAME);
  return derElements(fullName?.content ?? Buffer.alloc(0))
    .filter(({ tag }) => tag === URL_NAME)
    .map(({ content }) => content.toString("latin1"));
}

/** Where a certificate says that lists are which its own issuer signs for all reasons. Throws where that is garbled. */
export function revocationListUrls({ extensions }: Certificate): readonly string[] {
  if (extensions.distributionPoints === undefined) return [];
  return derChildren(extensions.distributionPoints, DER.sequence).flatMap((point) => {
    const parts = derElements(point.content);
    const [name] = parts;
    return name?.tag === NAME && parts.length === 1 ? urlsOf(name) : [];
  });
}

/** Why a list says nothing of a certificate at a time (Unix seconds); undefined where it speaks for it. */
export function unfitness(
  list: RevocationList,
  { certificate, now }: { readonly certificate: Certificate; readonly now: number },
): string | undefined {
  const kind = certificate.extensions.basicConstraints?.authority === true ? "authorities" : "users";
  const urls = revocationListUrls(certificate);
  if (list.covers !== "all" && list.covers !== kind) return `it is about ${list.covers} only`;
  if (list.locations.length > 0 && !list.locations.some((url) => urls.includes(url))) return "it is for another place";
  if (list.thisUpdate > now + TOLERANCE_SECONDS) return "it is of the future";
  return list.nextUpdate < now ? "it is out of date" : undefined;
}

/** A clock may be late. */
const TOLERANCE_SECONDS = 300;

/** Since when the list has the certificate as revoked, in Unix seconds; undefined where it does not. */
export function revokedSince({ entries }: RevocationList, certificate: Certificate): number | undefined {
  const serial = serialNumberOf(certificate);
  // Lists of megabytes are common and hits are rare: where the bytes do not occur, no entry has to be read.
  if (!entries.includes(serial.raw)) return undefined;
  for (let offset = 0; offset < entries.length; ) {
    const entry = derElementAt(entries, offset);
    offset += entry.raw.length;
    const number = derElementAt(entry.content, 0);
    if (number.raw.equals(serial.raw)) return derTime(derElementAt(entry.content, number.raw.length));
  }
  return undefined;
}

/** After the version, if there is one (RFC 5280 §4.1). */
function serialNumberOf({ x509 }: Certificate): DerElement {
  const [data] = derChildren(x509.raw, DER.sequence);
  const serial = derElements(data?.content ?? Buffer.alloc(0)).find(({ tag }) => tag === DER.integer);
  if (serial === undefined) throw new Error("Wanted a certificate with a serial number");
  return serial;
}
