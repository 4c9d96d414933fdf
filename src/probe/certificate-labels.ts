import type { CertificateFacts } from "../network/certificate.ts";

/** What tells one certificate from another, in labels of blackbox_exporter's names. */
export type CertificateLabels = Readonly<
  Record<"fingerprint_sha256" | "subject" | "issuer" | "subjectalternative" | "serialnumber", string>
>;

/** The labels of a certificate. */
export function certificateLabels(certificate: CertificateFacts): CertificateLabels {
  return {
    fingerprint_sha256: certificate.fingerprintSha256,
    subject: certificate.subject,
    issuer: certificate.issuer,
    subjectalternative: joinNames(certificate.dnsNames),
    serialnumber: certificate.serialNumber,
  };
}

/**
 * The longest list of names in a label, in characters: a hundred names of ordinary length, which is what authorities
 * put into one certificate. A hostile one may hold a hundred thousand characters, which Prometheus would keep.
 */
const LONGEST_NAMES = 4000;

/** As many whole names as fit, with commas between them. */
export function joinNames(names: readonly string[]): string {
  const joined = names.join(",");
  if (joined.length <= LONGEST_NAMES) return joined;
  return joined.slice(0, Math.max(0, joined.lastIndexOf(",", LONGEST_NAMES)));
}
