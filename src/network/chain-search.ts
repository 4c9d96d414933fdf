import type { CertificateFinding } from "./certificate-finding.ts";
import { nameOf, shorten } from "./certificate-name.ts";
import type { Certificate } from "./certificate-read.ts";
import { chainDefects } from "./chain-defects.ts";
import { chainFindings, type SearchResult } from "./chain-findings.ts";
import type { TrustAnchors } from "./trust.ts";

/** What can be proven with the certificates that a server sent, whatever the time of day and its name. */
export interface ChainSearch {
  /** Every chain from the leaf to an anchor that proves the leaf if its certificates are valid at the time. */
  readonly chains: readonly (readonly Certificate[])[];
  /** Where there is no chain, the way that leads furthest, leaf first; it may lead to an anchor. */
  readonly path: readonly Certificate[];
  /** What is wrong with that way. */
  readonly defects: readonly string[];
  /** Why it leads to no anchor; absent where it does. */
  readonly ending: string | undefined;
  /** What else is known of the leaf and its chain, whatever the time of day and the server's name. */
  readonly findings: readonly CertificateFinding[];
}

/**
 * The limits of a search. A server decides what it sends, and certificates that sign each other in circles under the
 * same names make for endless work; real chains have at most five certificates and need fewer than ten checks.
 */
const DEEPEST_PATH = 10;
const MOST_SIGNATURE_CHECKS = 100;
/** OpenSSL verifies larger RSA keys too, but each takes milliseconds. */
const LARGEST_RSA_BITS = 8192;

/** Tries all ways from the leaf (the first certificate sent) up to the anchors, over whatever else was sent. */
export function findChains(sent: readonly [Certificate, ...Certificate[]], anchors: TrustAnchors): ChainSearch {
  const [leaf] = sent;
  const search: Search = {
    sent: distinct(sent, anchors),
    anchors,
    checksLeft: MOST_SIGNATURE_CHECKS,
    complete: [],
    furthest: start(leaf),
  };
  if (anchors.fingerprints.has(leaf.facts.fingerprintSha256)) search.complete.push(completed(start(leaf)));
  else extend(search, search.furthest);
  const chains = search.complete.filter(({ defects }) => defects.length === 0).map(({ certificates }) => certificates);
  const [best] = search.complete.toSorted((one, other) => one.defects.length - other.defects.length);
  const selfSigned = leaf.subject === leaf.issuer && isSignedBy(leaf, leaf);
  if (best !== undefined) {
    const found = { chains, path: best.certificates, defects: best.defects };
    return { ...found, ending: undefined, findings: chainFindings(leaf, { ...found, end: "anchor", selfSigned }) };
  }
  const { certificates, defects } = search.furthest;
  return {
    chains,
    path: certificates,
    defects: [...defects, ...chainDefects(certificates, "open")],
    ending: [describeEnding(search), ...anchors.warnings].join("; "),
    findings: chainFindings(leaf, { chains, path: certificates, end: endOf(search), selfSigned }),
  };
}

interface Path {
  readonly certificates: readonly [Certificate, ...Certificate[]];
  readonly defects: readonly string[];
}

interface Search {
  readonly sent: readonly Certificate[];
  readonly anchors: TrustAnchors;
  checksLeft: number;
  readonly complete: Path[];
  furthest: Path;
}

function start(leaf: Certificate): Path {
  return { certificates: [leaf], defects: [] };
}

/** Without repetitions, and without anchors, which are tried first anyway. */
function distinct(sent: readonly Certificate[], anchors: TrustAnchors): readonly Certificate[] {
  const byFingerprint = new Map(sent.map((certificate) => [certificate.facts.fingerprintSha256, certificate]));
  return [...byFingerprint].filter(([print]) => !anchors.fingerprints.has(print)).map(([, certificate]) => certificate);
}

function completed(path: Path): Path {
  return { ...path, defects: [...path.defects, ...chainDefects(path.certificates, "anchor")] };
}

function extend(search: Search, path: Path): void {
  if (path.certificates.length > search.furthest.certificates.length) search.furthest = path;
  if (path.certificates.length >= DEEPEST_PATH) return;
  const child = top(path);
  const known = search.anchors.bySubject.get(child.issuer) ?? [];
  for (const anchor of known) {
    const next = step(search, path, anchor);
    if (next !== undefined) search.complete.push(completed(next));
  }
  for (const issuer of search.sent) {
    const next = issuer.subject === child.issuer ? step(search, path, issuer) : undefined;
    if (next !== undefined) extend(search, next);
  }
}

/** One certificate further, if it signed the one below or at least claims to be its issuer by the key's identifier. */
function step(search: Search, path: Path, issuer: Certificate): Path | undefined {
  const child = top(path);
  if (search.checksLeft === 0 || path.certificates.some((certificate) => isSameAuthority(certificate, issuer)))
    return undefined;
  search.checksLeft -= 1;
  const certificates: Path["certificates"] = [path.certificates[0], ...path.certificates.slice(1), issuer];
  if (isSignedBy(child, issuer)) return { ...path, certificates };
  const identifier = child.extensions.authorityKeyIdentifier;
  if (identifier === "" || identifier !== issuer.extensions.subjectKeyIdentifier) return undefined;
  const defect = `The signature of the certificate for ${nameOf(child)} does not match its content`;
  return { certificates, defects: [...path.defects, defect] };
}

/** The same name and key under another certificate lead round in a circle. */
function isSameAuthority(one: Certificate, other: Certificate): boolean {
  return one.subject === other.subject && one.publicKey === other.publicKey;
}

function top(path: Path): Certificate {
  return path.certificates.at(-1) ?? path.certificates[0];
}

/** A key that OpenSSL cannot use, of an algorithm that it does not know for instance, has signed nothing. */
function isSignedBy(child: Certificate, issuer: Certificate): boolean {
  try {
    const key = issuer.x509.publicKey;
    return (key.asymmetricKeyDetails?.modulusLength ?? 0) <= LARGEST_RSA_BITS && child.x509.verify(key);
  } catch {
    return false;
  }
}

function endOf(search: Search): SearchResult["end"] {
  if (search.furthest.certificates.length >= DEEPEST_PATH || search.checksLeft === 0) return "unsure";
  const last = top(search.furthest);
  return last.subject === last.issuer && isSignedBy(last, last) ? "self-signed" : "broken-off";
}

function describeEnding(search: Search): string {
  const last = top(search.furthest);
  if (search.furthest.certificates.length >= DEEPEST_PATH)
    return `No known authority within ${DEEPEST_PATH} certificates`;
  if (search.checksLeft === 0) return `No known authority within ${MOST_SIGNATURE_CHECKS} signatures`;
  if (endOf(search) === "self-signed") {
    return search.furthest.certificates.length === 1
      ? `The certificate for ${nameOf(last)} is signed by itself and is not a known authority`
      : `The chain ends in ${nameOf(last)}, which is signed by itself and is not a known authority`;
  }
  const issuer = shorten(last.facts.issuer);
  const known = search.anchors.bySubject.has(last.issuer);
  if (known)
    return `The certificate for ${nameOf(last)} is signed by another ${issuer} than the known authority of that name`;
  return `The certificate for ${nameOf(last)} is signed by ${issuer}, which is not a known authority and whose certificate was not sent`;
}
