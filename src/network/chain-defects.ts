import { nameOf } from "./certificate-name.ts";
import type { Certificate } from "./certificate-read.ts";
import { forgeableHash } from "./certificate-signature.ts";
import { brokenNameConstraint } from "./chain-name-constraints.ts";

/**
 * Everything but dates and signatures that keeps a path from proving a server (RFC 5280 §6.1), leaf first. `end` tells
 * whether its last certificate is an anchor, whose own signature counts for nothing.
 */
export function chainDefects(path: readonly Certificate[], end: "anchor" | "open"): readonly string[] {
  const anchor = end === "anchor" ? path.at(-1) : undefined;
  return path.flatMap((certificate, index) => [
    ...ownDefects(certificate),
    ...(certificate === anchor ? [] : signatureDefects(certificate)),
    ...(index === 0 || (certificate === anchor && certificate.version < 3) ? [] : authorityDefects(certificate)),
    ...constraintDefects(certificate, path.slice(0, index)),
  ]);
}

function ownDefects(certificate: Certificate): readonly string[] {
  const { unknownCritical, purposes } = certificate.extensions;
  const name = nameOf(certificate);
  const bits = rsaBits(certificate);
  return [
    ...(certificate.flaw === undefined ? [] : [`The certificate for ${name} is malformed. ${certificate.flaw}`]),
    ...unknownCritical.map(
      (type) => `The certificate for ${name} has the critical extension ${type}, which is not known`,
    ),
    ...(mayProveServers(purposes) ? [] : [`The certificate for ${name} may not be used for servers`]),
    ...(bits < WEAKEST_RSA_BITS
      ? [`The certificate for ${name} has an RSA key of ${bits} bits, which anybody can break`]
      : []),
  ];
}

const SERVER_PURPOSES: ReadonlySet<string> = new Set(["1.3.6.1.5.5.7.3.1", "2.5.29.37.0"]);

/** No list of purposes is no limit; on authorities the list limits what they issue, as all browsers have it. */
function mayProveServers(purposes: readonly string[] | undefined): boolean {
  return purposes === undefined || purposes.some((purpose) => SERVER_PURPOSES.has(purpose));
}

/** Go refuses shorter keys as well. */
const WEAKEST_RSA_BITS = 1024;

/** The size of an RSA key; infinite for all other keys, and for those that OpenSSL cannot read, which prove nothing. */
function rsaBits({ x509, flaw }: Certificate): number {
  if (flaw !== undefined) return Number.POSITIVE_INFINITY;
  try {
    return x509.publicKey.asymmetricKeyDetails?.modulusLength ?? Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function signatureDefects(certificate: Certificate): readonly string[] {
  const hash = forgeableHash(certificate.facts.signatureAlgorithm);
  if (hash === undefined || certificate.subject === certificate.issuer) return [];
  return [`The certificate for ${nameOf(certificate)} is signed over ${hash}, which can be forged`];
}

/** Asked of every issuer but an anchor of version 1, which knew no extensions to say so. */
function authorityDefects(issuer: Certificate): readonly string[] {
  const { basicConstraints, signsCertificates } = issuer.extensions;
  const name = nameOf(issuer);
  return [
    ...(basicConstraints?.authority === true ? [] : [`${name} has issued a certificate but is no authority`]),
    ...(signsCertificates === false ? [`${name} has issued a certificate but may not sign any`] : []),
  ];
}

/** What an issuer demands of the certificates below it; authorities that changed keys are not counted (§4.2.1.9). */
function constraintDefects(issuer: Certificate, below: readonly Certificate[]): readonly string[] {
  const { basicConstraints } = issuer.extensions;
  const between = below.slice(1).filter((certificate) => certificate.subject !== certificate.issuer).length;
  const tooMany = between > (basicConstraints?.pathLength ?? between);
  return [
    ...(tooMany ? [`${nameOf(issuer)} may not have ${between} authorities below it`] : []),
    ...below.map((certificate) => breach(issuer, certificate)).filter((reason) => reason !== undefined),
  ];
}

function breach(issuer: Certificate, below: Certificate): string | undefined {
  const { nameConstraints } = issuer.extensions;
  const broken = nameConstraints === undefined ? undefined : brokenNameConstraint(nameConstraints, below);
  return broken === undefined ? undefined : `The certificate for ${nameOf(below)} ${broken} of ${nameOf(issuer)}`;
}
