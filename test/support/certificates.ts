import { webcrypto } from "node:crypto";
import { isIPv4 } from "node:net";
import * as asn1js from "asn1js";
import * as pkijs from "pkijs";

/** What a server (or client) presents: PEM text for `tls.createServer({ key, cert: chain })`. */
export interface Identity {
  /** PKCS #8. */
  readonly key: string;
  /** The leaf alone. */
  readonly certificate: string;
  /** The leaf and the intermediates between it and its root, as a well-configured server sends them. */
  readonly chain: string;
}

type Purpose = "server" | "client" | "ocsp" | "any";

interface CommonOptions {
  readonly commonName?: string;
  /** The whole subject as object identifiers and values in wire order, instead of a common name alone. */
  readonly subject?: readonly (readonly [type: string, value: string])[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly purposes?: readonly Purpose[];
  readonly hash?: "SHA-256" | "SHA-1";
  /** A NIST curve, or RSA with so many bits. */
  readonly keys?: "P-256" | "RSA-1024" | "RSA-2048";
  readonly extensions?: readonly pkijs.Extension[];
}

export interface LeafOptions extends CommonOptions {
  /** DNS names; `localhost` by default. */
  readonly names?: readonly string[];
  /** IP addresses; both loopback addresses by default. */
  readonly addresses?: readonly string[];
}

export interface AuthorityOptions extends CommonOptions {
  readonly pathLength?: number;
  /** Whether basicConstraints say that this is an authority; `false` makes one that may not sign. */
  readonly authority?: boolean;
  readonly keyUsage?: "certificate-signing" | "digital-signature";
  readonly permitted?: NameSubtrees;
  readonly excluded?: NameSubtrees;
}

/** Name constraints: DNS names and IP networks written `10.0.0.0/255.0.0.0`. */
export interface NameSubtrees {
  readonly names?: readonly string[];
  readonly networks?: readonly string[];
}

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

/** Validity that ended two days ago: `authority.issue({ ...expired() })`. */
export function expired(): { readonly notBefore: Date; readonly notAfter: Date } {
  return { notBefore: daysFromNow(-30), notAfter: daysFromNow(-2) };
}

/** Validity that begins in two days. */
export function notYetValid(): { readonly notBefore: Date; readonly notAfter: Date } {
  return { notBefore: daysFromNow(2), notAfter: daysFromNow(30) };
}

/** A root: nobody knows it until a client is told to trust its `certificate`. */
export async function createAuthority(options: AuthorityOptions = {}): Promise<Authority> {
  const own = { name: subjectOf(options, "Test Root"), keys: await generateKeys(options.keys) };
  const certificate = await sign({ subject: own, signer: own, options, extensions: authorityExtensions(options) });
  return new Authority(own, { certificate, chain: "" });
}

/** A certificate that signed itself, for `localhost` by default. */
export async function selfSigned(options: LeafOptions = {}): Promise<Identity> {
  const own = { name: subjectOf(options, "Test Leaf"), keys: await generateKeys(options.keys) };
  const certificate = await sign({ subject: own, signer: own, options, extensions: leafExtensions(options) });
  return { key: await privateKeyPem(own.keys), certificate, chain: certificate };
}

/** A certificate authority that lives as long as the test. */
export class Authority {
  /** What a client has to trust, if this is a root. */
  readonly certificate: string;
  readonly #own: Party;
  readonly #chain: string;

  constructor(own: Party, text: { readonly certificate: string; readonly chain: string }) {
    this.certificate = text.certificate;
    this.#own = own;
    this.#chain = text.chain;
  }

  /** A new key with a certificate signed by this authority: for `localhost` and both loopback addresses by default. */
  async issue(options: LeafOptions = {}): Promise<Identity> {
    const subject = { name: subjectOf(options, "Test Leaf"), keys: await generateKeys(options.keys) };
    const certificate = await sign({ subject, signer: this.#own, options, extensions: leafExtensions(options) });
    return { key: await privateKeyPem(subject.keys), certificate, chain: certificate + this.#chain };
  }

  /** A subordinate authority with a key of its own; what it issues sends its certificate along. */
  async intermediate(options: AuthorityOptions = {}): Promise<Authority> {
    return this.#certify(
      { name: subjectOf(options, "Test Intermediate"), keys: await generateKeys(options.keys) },
      options,
    );
  }

  /** The name and key of another authority under a certificate signed by this one. */
  async crossSign(other: Authority, options: AuthorityOptions = {}): Promise<Authority> {
    return this.#certify(other.#own, options);
  }

  /** An OCSP response (DER) about a certificate (PEM) that this authority, or another in its name, has signed. */
  async ocspResponse(certificate: string, options: OcspOptions): Promise<Buffer> {
    const subject = parsePem(certificate);
    const id = new pkijs.CertID();
    await id.createForCertificate(subject, { hashAlgorithm: "SHA-1", issuerCertificate: parsePem(this.certificate) });
    const single = new pkijs.SingleResponse({ certID: id, thisUpdate: options.thisUpdate ?? daysFromNow(-1) });
    if (options.nextUpdate !== "none") single.nextUpdate = options.nextUpdate ?? daysFromNow(3);
    single.certStatus = ocspStatus(options.status);
    const basic = new pkijs.BasicOCSPResponse();
    basic.tbsResponseData.responderID = this.#own.name;
    basic.tbsResponseData.producedAt = daysFromNow(-1);
    basic.tbsResponseData.responses = [single];
    if (options.responder !== undefined) basic.certs = [parsePem(options.responder.certificate)];
    const key = options.responder === undefined ? this.#own.keys.privateKey : await importKey(options.responder.key);
    await basic.sign(key, "SHA-256");
    const response = new pkijs.OCSPResponse({
      responseStatus: new asn1js.Enumerated({ value: 0 }),
      responseBytes: new pkijs.ResponseBytes({
        responseType: "1.3.6.1.5.5.7.48.1.1",
        response: new asn1js.OctetString({ valueHex: basic.toSchema().toBER(false) }),
      }),
    });
    return Buffer.from(response.toSchema().toBER(false));
  }

  /** A list (DER) of the certificates (PEM) that this authority has revoked, which was two days ago. */
  async revocationList(revoked: readonly string[], options: RevocationListOptions = {}): Promise<Buffer> {
    const list = new pkijs.CertificateRevocationList({ version: 1 });
    list.issuer = this.#own.name;
    list.thisUpdate = timeOf(options.thisUpdate ?? daysFromNow(-1));
    list.nextUpdate = timeOf(options.nextUpdate ?? daysFromNow(3));
    list.revokedCertificates = revoked.map(
      (certificate) =>
        new pkijs.RevokedCertificate({
          userCertificate: parsePem(certificate).serialNumber,
          revocationDate: timeOf(daysFromNow(-2)),
        }),
    );
    const { extensions = [] } = options;
    if (extensions.length > 0) list.crlExtensions = new pkijs.Extensions({ extensions: [...extensions] });
    await list.sign((options.signer ?? this).#own.keys.privateKey, "SHA-256");
    return Buffer.from(list.toSchema(true).toBER(false));
  }

  async #certify(subject: Party, options: AuthorityOptions): Promise<Authority> {
    const certificate = await sign({ subject, signer: this.#own, options, extensions: authorityExtensions(options) });
    return new Authority(subject, { certificate, chain: certificate + this.#chain });
  }
}

export interface RevocationListOptions {
  readonly thisUpdate?: Date;
  readonly nextUpdate?: Date;
  readonly extensions?: readonly pkijs.Extension[];
  /** Who signs it instead of the authority itself. */
  readonly signer?: Authority;
}

/** The extension that says where the list of revoked certificates is (RFC 5280 §4.2.1.13). */
export function distributionPoint(url: string): pkijs.Extension {
  const value = new pkijs.CRLDistributionPoints({
    distributionPoints: [
      new pkijs.DistributionPoint({ distributionPoint: [new pkijs.GeneralName({ type: 6, value: url })] }),
    ],
  });
  return encoded("2.5.29.31", { critical: false, value: value.toSchema() });
}

/** The extension of a list that limits it to one place, or to some certificates (RFC 5280 §5.2.5). */
export function issuingDistributionPoint(options: {
  readonly url?: string;
  readonly onlyAuthorities?: boolean;
  readonly indirect?: boolean;
}): pkijs.Extension {
  const { url, onlyAuthorities = false, indirect = false } = options;
  const value = new pkijs.IssuingDistributionPoint({
    ...(url === undefined ? {} : { distributionPoint: [new pkijs.GeneralName({ type: 6, value: url })] }),
    onlyContainsCACerts: onlyAuthorities,
    indirectCRL: indirect,
  });
  return encoded("2.5.29.28", { critical: true, value: value.toSchema() });
}

export interface OcspOptions {
  readonly status: "good" | "revoked" | "unknown";
  readonly thisUpdate?: Date;
  readonly nextUpdate?: Date | "none";
  /** Who signs it instead of the authority itself. */
  readonly responder?: Identity;
}

/** The tags of CertStatus (RFC 6960 §4.2.1). */
function ocspStatus(status: OcspOptions["status"]): asn1js.BaseBlock {
  if (status !== "revoked") {
    const tagNumber = status === "good" ? 0 : 2;
    return new asn1js.Primitive({ idBlock: { tagClass: 3, tagNumber }, lenBlock: { length: 1 } });
  }
  const since = new asn1js.GeneralizedTime({ valueDate: daysFromNow(-2) });
  return new asn1js.Constructed({ idBlock: { tagClass: 3, tagNumber: 1 }, value: [since] });
}

async function importKey(key: string): Promise<webcrypto.CryptoKey> {
  const der = Buffer.from(key.replaceAll(/-----[^-]*-----|\s/gu, ""), "base64");
  return webcrypto.subtle.importKey("pkcs8", der, { name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]);
}

function parsePem(certificate: string): pkijs.Certificate {
  const der = Buffer.from(certificate.replaceAll(/-----[^-]*-----|\s/gu, ""), "base64");
  return pkijs.Certificate.fromBER(new Uint8Array(der).buffer);
}

/** An extension with any content, e.g. one that nobody knows. */
export function extension(
  oid: string,
  options: { readonly critical: boolean; readonly value: Uint8Array },
): pkijs.Extension {
  return new pkijs.Extension({
    extnID: oid,
    critical: options.critical,
    extnValue: new Uint8Array(options.value).buffer,
  });
}

/** A name and its keys: all that a signer needs to have. */
interface Party {
  readonly name: pkijs.RelativeDistinguishedNames;
  readonly keys: webcrypto.CryptoKeyPair;
}

async function sign(request: {
  readonly subject: Party;
  readonly signer: Party;
  readonly options: CommonOptions;
  readonly extensions: readonly pkijs.Extension[];
}): Promise<string> {
  const { subject, signer, options } = request;
  const certificate = new pkijs.Certificate({ version: 2 });
  certificate.serialNumber = new asn1js.Integer({ valueHex: positiveSerialNumber() });
  certificate.subject = subject.name;
  certificate.issuer = signer.name;
  certificate.notBefore = timeOf(options.notBefore ?? daysFromNow(-1));
  certificate.notAfter = timeOf(options.notAfter ?? daysFromNow(90));
  certificate.extensions = [
    ...request.extensions,
    ...purposeExtension(options.purposes ?? []),
    await keyIdentifier("2.5.29.14", subject.keys),
    await keyIdentifier("2.5.29.35", signer.keys),
    ...(options.extensions ?? []),
  ];
  await certificate.subjectPublicKeyInfo.importKey(subject.keys.publicKey);
  await certificate.sign(signer.keys.privateKey, options.hash ?? "SHA-256");
  return pem("CERTIFICATE", certificate.toSchema(true).toBER(false));
}

/** UTCTime up to 2049, GeneralizedTime from 2050 on (RFC 5280 §4.1.2.5). */
function timeOf(value: Date): pkijs.Time {
  return new pkijs.Time({
    type: value.getUTCFullYear() < 2050 ? pkijs.TimeType.UTCTime : pkijs.TimeType.GeneralizedTime,
    value,
  });
}

async function generateKeys(kind: CommonOptions["keys"] = "P-256"): Promise<webcrypto.CryptoKeyPair> {
  if (kind !== "P-256") {
    const modulusLength = Number(kind.slice(4));
    const publicExponent = new Uint8Array([1, 0, 1]);
    const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength, publicExponent };
    return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  }
  return webcrypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
}

async function privateKeyPem(keys: webcrypto.CryptoKeyPair): Promise<string> {
  return pem("PRIVATE KEY", await webcrypto.subtle.exportKey("pkcs8", keys.privateKey));
}

function pem(label: string, der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

function subjectOf(options: CommonOptions, fallback: string): pkijs.RelativeDistinguishedNames {
  const attributes = options.subject ?? [["2.5.4.3", options.commonName ?? fallback] as const];
  return new pkijs.RelativeDistinguishedNames({
    typesAndValues: attributes.map(
      ([type, value]) => new pkijs.AttributeTypeAndValue({ type, value: new asn1js.Utf8String({ value }) }),
    ),
  });
}

function leafExtensions(options: LeafOptions): readonly pkijs.Extension[] {
  const names = (options.names ?? ["localhost"]).map((name) => new pkijs.GeneralName({ type: 2, value: name }));
  const addresses = (options.addresses ?? ["127.0.0.1", "::1"]).map(
    (address) => new pkijs.GeneralName({ type: 7, value: new asn1js.OctetString({ valueHex: addressBytes(address) }) }),
  );
  const purposes = options.purposes === undefined ? purposeExtension(["server"]) : [];
  if (names.length + addresses.length === 0) return purposes;
  const alternativeNames = new pkijs.GeneralNames({ names: [...names, ...addresses] });
  return [encoded("2.5.29.17", { critical: false, value: alternativeNames.toSchema() }), ...purposes];
}

function authorityExtensions(options: AuthorityOptions): readonly pkijs.Extension[] {
  const constraints = new pkijs.BasicConstraints({
    cA: options.authority ?? true,
    ...(options.pathLength === undefined ? {} : { pathLenConstraint: options.pathLength }),
  });
  // Bit 5 of the first byte from the right is keyCertSign, bit 7 digitalSignature (RFC 5280 §4.2.1.3).
  const bits = options.keyUsage === "digital-signature" ? 0x80 : 0x04;
  const usage = new asn1js.BitString({ valueHex: new Uint8Array([bits]).buffer, unusedBits: bits === 0x80 ? 7 : 2 });
  return [
    encoded("2.5.29.19", { critical: true, value: constraints.toSchema() }),
    encoded("2.5.29.15", { critical: true, value: usage }),
    ...nameConstraints(options),
  ];
}

function nameConstraints(options: AuthorityOptions): readonly pkijs.Extension[] {
  if (options.permitted === undefined && options.excluded === undefined) return [];
  const value = new pkijs.NameConstraints({
    ...(options.permitted === undefined ? {} : { permittedSubtrees: subtrees(options.permitted) }),
    ...(options.excluded === undefined ? {} : { excludedSubtrees: subtrees(options.excluded) }),
  });
  return [encoded("2.5.29.30", { critical: true, value: value.toSchema() })];
}

function subtrees(trees: NameSubtrees): pkijs.GeneralSubtree[] {
  const names = (trees.names ?? []).map((name) => new pkijs.GeneralName({ type: 2, value: name }));
  const networks = (trees.networks ?? []).map((network) => {
    const bytes = network.split("/").map((part) => Buffer.from(addressBytes(part)));
    return new pkijs.GeneralName({
      type: 7,
      value: new asn1js.OctetString({ valueHex: new Uint8Array(Buffer.concat(bytes)).buffer }),
    });
  });
  return [...names, ...networks].map((base) => new pkijs.GeneralSubtree({ base }));
}

const PURPOSES: Readonly<Record<Purpose, string>> = {
  server: "1.3.6.1.5.5.7.3.1",
  client: "1.3.6.1.5.5.7.3.2",
  ocsp: "1.3.6.1.5.5.7.3.9",
  any: "2.5.29.37.0",
};

function purposeExtension(purposes: readonly Purpose[]): readonly pkijs.Extension[] {
  if (purposes.length === 0) return [];
  const value = new pkijs.ExtKeyUsage({ keyPurposes: purposes.map((purpose) => PURPOSES[purpose]) });
  return [encoded("2.5.29.37", { critical: false, value: value.toSchema() })];
}

/** The subject's (2.5.29.14) or the authority's (2.5.29.35) key identifier: SHA-1 of the public key, which is custom. */
async function keyIdentifier(oid: "2.5.29.14" | "2.5.29.35", keys: webcrypto.CryptoKeyPair): Promise<pkijs.Extension> {
  const format = keys.publicKey.algorithm.name === "ECDSA" ? "raw" : "spki";
  const digest = await webcrypto.subtle.digest("SHA-1", await webcrypto.subtle.exportKey(format, keys.publicKey));
  const value =
    oid === "2.5.29.14"
      ? new asn1js.OctetString({ valueHex: digest })
      : new pkijs.AuthorityKeyIdentifier({ keyIdentifier: new asn1js.OctetString({ valueHex: digest }) }).toSchema();
  return encoded(oid, { critical: false, value });
}

function encoded(
  oid: string,
  options: { readonly critical: boolean; readonly value: { toBER(sizeOnly?: boolean): ArrayBuffer } },
): pkijs.Extension {
  return new pkijs.Extension({ extnID: oid, critical: options.critical, extnValue: options.value.toBER(false) });
}

function addressBytes(address: string): ArrayBuffer {
  if (isIPv4(address)) return new Uint8Array(address.split(".").map(Number)).buffer;
  const [head = "", tail = ""] = address.split("::");
  const before = head.split(":").filter((group) => group !== "");
  const after = tail.split(":").filter((group) => group !== "");
  const all = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => "0"), ...after];
  return new Uint8Array(all.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]))
    .buffer;
}

function positiveSerialNumber(): ArrayBuffer {
  const bytes = webcrypto.getRandomValues(new Uint8Array(8));
  bytes[0] = 0x40 | ((bytes[0] ?? 0) & 0x3f);
  return bytes.buffer;
}

function daysFromNow(days: number): Date {
  // Certificates hold whole seconds.
  return new Date(Math.floor((Date.now() + days * DAY_MILLISECONDS) / 1000) * 1000);
}
