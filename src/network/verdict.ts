import type { FailureOf } from "../outcome/outcome.ts";
import type { CertificateFacts } from "./certificate.ts";
import { expiry, prematurity } from "./certificate-dates.ts";
import { type CertificateFinding, finding, PROBLEM_OUTCOMES, unknownFinding } from "./certificate-finding.ts";
import { nameOf, shorten } from "./certificate-name.ts";
import type { Certificate } from "./certificate-read.ts";
import type { ChainSearch } from "./chain-search.ts";
import { isFor, parseServerName } from "./server-name.ts";
import type { Staple } from "./staple.ts";

/** Everything wrong with a peer's certificates, the gravest first; empty where they can be trusted. */
export interface TlsVerdict {
  readonly problems: readonly TlsProblem[];
  /** Every chain from the leaf to a trust anchor that verified (dates included); empty where none did. */
  readonly chains: readonly (readonly CertificateFacts[])[];
  /** Every kind of problem once, each judged by itself, whether clients mind it or not. */
  readonly findings: readonly CertificateFinding[];
}

/** One thing wrong, with a sentence for a person. */
export interface TlsProblem {
  readonly outcome: FailureOf<"tls">;
  readonly detail: string;
}

/** Judges a leaf for a host at a time (Unix seconds), given what a search for chains found. */
export function judge(
  leaf: Certificate,
  question: {
    readonly search: ChainSearch;
    readonly host: string;
    readonly now: number;
    /** What the peer sent about revocation; absent where that was not asked. */
    readonly staple?: Staple | undefined;
  },
): TlsVerdict {
  const { search, host, now, staple } = question;
  const valid = search.chains.filter((chain) => chain.every((certificate) => isValidAt(certificate, now)));
  const path = nearestPath(search, now);
  const untrusted = search.chains.length === 0;
  const judged = [
    valid.length > 0 ? finding("expired", []) : expiry(path, now),
    valid.length > 0 ? finding("not_yet_valid", []) : prematurity(path, now),
    mismatch(leaf, host),
    finding("invalid", untrusted ? search.defects : []),
    finding("unknown_authority", untrusted && search.ending !== undefined ? [search.ending] : []),
  ] as const;
  return {
    problems: judged.flatMap(({ problem, detail }) =>
      detail !== "" ? [{ outcome: PROBLEM_OUTCOMES[problem], detail }] : [],
    ),
    chains: valid.map((chain) => chain.map(({ facts }) => facts)),
    findings: [...judged, ...search.findings, revocation(staple), stapling(leaf, staple)],
  };
}

function isValidAt({ facts }: Certificate, now: number): boolean {
  return facts.notBefore <= now && now <= facts.notAfter;
}

/** The path to complain about: of the sound chains the one with the fewest dates against it, or the best there is. */
function nearestPath(search: ChainSearch, now: number): readonly Certificate[] {
  const count = (chain: readonly Certificate[]) => chain.filter((certificate) => !isValidAt(certificate, now)).length;
  return search.chains.toSorted((one, other) => count(one) - count(other))[0] ?? search.path;
}

/** Without a name nobody can tell, and nobody may trust either: unknown, with a reason to refuse. */
function mismatch(leaf: Certificate, host: string): CertificateFinding {
  const server = parseServerName(host);
  if (isFor(leaf.facts, server)) return finding("name_mismatch", []);
  if (server.text === "") {
    const detail = "No name to verify is known: set server_name or insecure_skip_verify";
    return { ...unknownFinding("name_mismatch"), detail };
  }
  const names = [...leaf.facts.dnsNames, ...leaf.facts.addresses];
  const wanted = JSON.stringify(shorten(server.text));
  const detail =
    names.length === 0
      ? `The certificate for ${nameOf(leaf)} has no alternative names, so it is not for ${wanted}`
      : `The certificate is for ${list(names)}, not for ${wanted}`;
  return finding("name_mismatch", [detail]);
}

/** Silence is not good news: only an authority's word counts. */
function revocation(staple: Staple | undefined): CertificateFinding {
  if (staple?.kind !== "response" || (staple.status !== "good" && staple.status !== "revoked")) {
    return unknownFinding("revoked");
  }
  return finding("revoked", staple.status === "revoked" ? [staple.detail] : []);
}

/** Whether a staple is missing is known only where one was asked for, or where none has to be sent. */
function stapling(leaf: Certificate, staple: Staple | undefined): CertificateFinding {
  if (leaf.flaw === undefined && !leaf.extensions.mustStaple) return finding("staple_missing", []);
  if (staple === undefined || leaf.flaw !== undefined) return unknownFinding("staple_missing");
  const demand = `The certificate for ${nameOf(leaf)} demands a stapled OCSP response`;
  if (staple.kind === "none") return finding("staple_missing", [`${demand}, and none was sent`]);
  const proven = staple.status === "good" || staple.status === "revoked";
  return finding("staple_missing", proven ? [] : [`${demand}. ${staple.detail}`]);
}

/** A person recognises a certificate by a few of its names. */
const MOST_NAMES_TOLD = 5;

function list(names: readonly string[]): string {
  const told = names.slice(0, MOST_NAMES_TOLD).map((name) => shorten(name));
  const more = names.length - told.length;
  return more === 0 ? told.join(", ") : `${told.join(", ")} and ${more} more`;
}
