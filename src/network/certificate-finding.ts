import type { FailureOf } from "../outcome/outcome.ts";

/** Everything that can be wrong with a server's certificates, each judged by itself. */
export const CERTIFICATE_PROBLEMS = [
  "expired",
  "not_yet_valid",
  "name_mismatch",
  "unknown_authority",
  "self_signed",
  "chain_incomplete",
  "weak_signature",
  "weak_key",
  "lifetime_too_long",
  "revoked",
  "staple_missing",
  "invalid",
] as const;

export type CertificateProblem = (typeof CERTIFICATE_PROBLEMS)[number];

/** What a probe ends as that fails because of a problem. */
export const PROBLEM_OUTCOMES: Readonly<Record<CertificateProblem, FailureOf<"tls">>> = {
  expired: "tls/certificate-expired",
  not_yet_valid: "tls/certificate-not-yet-valid",
  name_mismatch: "tls/name-mismatch",
  unknown_authority: "tls/unknown-authority",
  self_signed: "tls/unknown-authority",
  chain_incomplete: "tls/unknown-authority",
  weak_signature: "tls/certificate-invalid",
  weak_key: "tls/certificate-invalid",
  lifetime_too_long: "tls/certificate-invalid",
  revoked: "tls/certificate-invalid",
  staple_missing: "tls/certificate-invalid",
  invalid: "tls/certificate-invalid",
};

/** What is known of one problem. `unknown` where it could not be judged, which is neither good nor bad. */
export interface CertificateFinding {
  readonly problem: CertificateProblem;
  readonly state: "present" | "absent" | "unknown";
  /** For a person: why the peer cannot be trusted; empty where this is no reason. */
  readonly detail: string;
}

/** A finding from what speaks for the problem: present if anything does. Three reasons are enough to tell. */
export function finding(problem: CertificateProblem, reasons: readonly string[]): CertificateFinding {
  if (reasons.length === 0) return { problem, state: "absent", detail: "" };
  return { problem, state: "present", detail: [...new Set(reasons)].slice(0, 3).join("; ") };
}

/** A finding about which nothing is known. */
export function unknownFinding(problem: CertificateProblem): CertificateFinding {
  return { problem, state: "unknown", detail: "" };
}
