import { type CertificateFinding, finding, unknownFinding } from "./certificate-finding.ts";
import { nameOf } from "./certificate-name.ts";
import type { Certificate } from "./certificate-read.ts";
import { forgeableHash } from "./certificate-signature.ts";

/** What a search for chains came to. */
export interface SearchResult {
  readonly chains: readonly (readonly Certificate[])[];
  readonly path: readonly Certificate[];
  /** How the path ends. `unsure` where the search was given up. */
  readonly end: "anchor" | "self-signed" | "broken-off" | "unsure";
  /** Whether the leaf signed itself. */
  readonly selfSigned: boolean;
}

/**
 * What can be said of a leaf and its chain whatever the time of day and the server's name. Where several chains prove
 * the leaf, the best of them counts.
 */
export function chainFindings(leaf: Certificate, result: SearchResult): readonly CertificateFinding[] {
  const chains = result.chains.length > 0 ? result.chains : [result.path];
  return [
    finding("self_signed", result.selfSigned ? [`The certificate for ${nameOf(leaf)} is signed by itself`] : []),
    incompleteness(result),
    best(chains.map((chain) => finding("weak_signature", chain.flatMap(weakSignatures)))),
    best(chains.map((chain) => weakKeys(chain))),
    lifetime(leaf),
  ];
}

function best(findings: readonly CertificateFinding[]): CertificateFinding {
  const states = ["absent", "unknown", "present"] as const;
  const [first] = findings.toSorted((one, other) => states.indexOf(one.state) - states.indexOf(other.state));
  return first ?? unknownFinding("invalid");
}

function incompleteness({ end, path }: SearchResult): CertificateFinding {
  if (end === "unsure") return unknownFinding("chain_incomplete");
  const last = path.at(-1);
  if (end !== "broken-off" || last === undefined) return finding("chain_incomplete", []);
  return finding("chain_incomplete", [
    `The chain breaks off at the certificate for ${nameOf(last)}: that of its issuer was not sent and is not known`,
  ]);
}

/** Why the signature of a certificate is weak; the hash of one that signed itself does not matter, nobody has to believe it. */
export function weakSignatures(certificate: Certificate): readonly string[] {
  const hash = forgeableHash(certificate.facts.signatureAlgorithm);
  if (hash === undefined || certificate.subject === certificate.issuer) return [];
  return [`The certificate for ${nameOf(certificate)} is signed over ${hash}, which can be forged`];
}

/** The sizes below which a key is weak (NIST SP 800-131A): 112 bits of security. Other kinds have one size each. */
const LEAST_BITS: Readonly<Record<string, number>> = { RSA: 2048, DSA: 2048, EC: 224, Ed25519: 0, Ed448: 0 };

/** Whether any of these certificates has a key that is too small. */
export function weakKeys(chain: readonly Certificate[]): CertificateFinding {
  const reasons = chain.flatMap((certificate) => {
    const { keyType, keyBits } = certificate.facts;
    const least = LEAST_BITS[keyType] ?? 0;
    if (keyBits === undefined || keyBits >= least) return [];
    return [`The certificate for ${nameOf(certificate)} has an ${keyType} key of ${keyBits} bits, fewer than ${least}`];
  });
  if (reasons.length === 0 && !chain.every((certificate) => hasKnownKey(certificate)))
    return unknownFinding("weak_key");
  return finding("weak_key", reasons);
}

function hasKnownKey({ facts }: Certificate): boolean {
  return facts.keyBits !== undefined && facts.keyType in LEAST_BITS;
}

/**
 * For how many days at most a public authority may issue a certificate, from each date on: the baseline requirements
 * of the CA/Browser Forum (§6.3.2; ballots 193, SC22 with the browsers' own policies, and SC-081).
 */
const LIMITS = [
  { since: Date.UTC(2029, 2, 15) / 1000, days: 47 },
  { since: Date.UTC(2027, 2, 15) / 1000, days: 100 },
  { since: Date.UTC(2026, 2, 15) / 1000, days: 200 },
  { since: Date.UTC(2020, 8, 1) / 1000, days: 398 },
  { since: Date.UTC(2018, 2, 1) / 1000, days: 825 },
] as const;

const DAY_SECONDS = 86_400;

function lifetime(leaf: Certificate): CertificateFinding {
  const { notBefore, notAfter } = leaf.facts;
  if (Number.isNaN(notBefore) || Number.isNaN(notAfter)) return unknownFinding("lifetime_too_long");
  const limit = LIMITS.find(({ since }) => notBefore >= since);
  // The last second counts (RFC 5280 §4.1.2.5).
  const seconds = notAfter - notBefore + 1;
  if (limit === undefined || seconds <= limit.days * DAY_SECONDS) return finding("lifetime_too_long", []);
  const days = Math.ceil(seconds / DAY_SECONDS);
  return finding("lifetime_too_long", [
    `The certificate for ${nameOf(leaf)} is valid for ${days} days, more than the ${limit.days} that a public authority may grant`,
  ]);
}
