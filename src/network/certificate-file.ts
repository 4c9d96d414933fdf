import { X509Certificate } from "node:crypto";
import type { CertificateFacts } from "./certificate.ts";
import { expiry, prematurity } from "./certificate-dates.ts";
import { type CertificateFinding, finding } from "./certificate-finding.ts";
import { nameOf } from "./certificate-name.ts";
import { type Certificate, readCertificate } from "./certificate-read.ts";
import { weakKeys, weakSignatures } from "./chain-findings.ts";

/** The certificates of one file, in its order, with what is wrong with any of them whoever uses them. */
export interface CertificateFile {
  readonly certificates: readonly CertificateFacts[];
  readonly findings: readonly CertificateFinding[];
}

/** A bundle of authorities has some hundred. */
const MOST_CERTIFICATES = 500;

/**
 * Reads certificates from the content of a file, PEM or DER; `extract` reads a store of another kind. The time is in
 * Unix seconds. Throws an error with a sentence for a person where there is none, or one that is none.
 */
export async function readCertificateFile(
  content: Buffer,
  { now, extract }: { readonly now: number; readonly extract: (content: Buffer) => Promise<readonly Buffer[]> },
): Promise<CertificateFile> {
  const raws = (await rawCertificates(content, extract)).slice(0, MOST_CERTIFICATES);
  if (raws.length === 0) throw new Error("It holds no certificate");
  const certificates = raws.map((raw) => readCertificate(raw));
  return { certificates: certificates.map(({ facts }) => facts), findings: findingsOn(certificates, now) };
}

async function rawCertificates(
  content: Buffer,
  extract: (content: Buffer) => Promise<readonly Buffer[]>,
): Promise<readonly Buffer[]> {
  const text = content.toString("latin1");
  if (text.includes("-----BEGIN ")) {
    const blocks = text.match(/-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----[^-]*-----END \1?CERTIFICATE-----/gu) ?? [];
    return blocks.map((block) => new X509Certificate(block).raw);
  }
  try {
    return [new X509Certificate(content).raw];
  } catch {
    // A certificate is the first guess at binary content; what else it may be is told by its own error.
    return extract(content);
  }
}

function findingsOn(certificates: readonly Certificate[], now: number): readonly CertificateFinding[] {
  const flaws = certificates.flatMap((certificate) =>
    certificate.flaw === undefined
      ? []
      : [`The certificate for ${nameOf(certificate)} is malformed. ${certificate.flaw}`],
  );
  return [
    expiry(certificates, now),
    prematurity(certificates, now),
    finding("invalid", flaws),
    finding("weak_signature", certificates.flatMap(weakSignatures)),
    weakKeys(certificates),
  ];
}
