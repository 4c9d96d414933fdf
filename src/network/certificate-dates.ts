import { type CertificateFinding, finding, unknownFinding } from "./certificate-finding.ts";
import { nameOf } from "./certificate-name.ts";
import type { Certificate } from "./certificate-read.ts";

/** Whether any of these certificates has expired at a time in Unix seconds. */
export function expiry(certificates: readonly Certificate[], now: number): CertificateFinding {
  const reasons = certificates
    .filter(({ facts }) => now > facts.notAfter)
    .map((certificate) => {
      const { notAfter } = certificate.facts;
      return `The certificate for ${nameOf(certificate)} expired on ${date(notAfter)}, ${span(now - notAfter)} ago`;
    });
  return orUnknown(finding("expired", reasons), certificates);
}

/** Whether the validity of any of these certificates is still to begin at a time in Unix seconds. */
export function prematurity(certificates: readonly Certificate[], now: number): CertificateFinding {
  const reasons = certificates
    .filter(({ facts }) => now < facts.notBefore)
    .map((certificate) => {
      const { notBefore } = certificate.facts;
      return `The certificate for ${nameOf(certificate)} is not valid before ${date(notBefore)}, in ${span(notBefore - now)}`;
    });
  return orUnknown(finding("not_yet_valid", reasons), certificates);
}

/** A date that cannot be read may be anything. */
function orUnknown(found: CertificateFinding, certificates: readonly Certificate[]): CertificateFinding {
  const readable = certificates.every(({ facts }) => !Number.isNaN(facts.notBefore) && !Number.isNaN(facts.notAfter));
  return found.state === "absent" && !readable ? unknownFinding(found.problem) : found;
}

function date(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
}

const UNITS = [
  { name: "day", seconds: 86_400 },
  { name: "hour", seconds: 3600 },
  { name: "minute", seconds: 60 },
] as const;

/** A length of time in its largest whole unit. */
function span(seconds: number): string {
  const unit = UNITS.find((candidate) => seconds >= candidate.seconds) ?? { name: "second", seconds: 1 };
  const count = Math.floor(seconds / unit.seconds);
  return `${count} ${unit.name}${count === 1 ? "" : "s"}`;
}
