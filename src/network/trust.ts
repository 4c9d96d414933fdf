import { createHash, X509Certificate } from "node:crypto";
import { getCACertificates } from "node:tls";
import { type Certificate, readCertificate } from "./certificate-read.ts";

/** The authorities that are believed without asking further. */
export interface TrustAnchors {
  /** The same for the same authorities. */
  readonly id: string;
  readonly fingerprints: ReadonlySet<string>;
  /** By the DER of their subject, hexadecimal. */
  readonly bySubject: ReadonlyMap<string, readonly Certificate[]>;
  /** What could not be loaded, and why; empty as a rule. */
  readonly warnings: readonly string[];
}

/** The certificates in a PEM text, as anchors; without any where it holds none. Blocks that cannot be read are told. */
export function anchorsFromPem(text: string): TrustAnchors {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  return anchorsFrom(blocks, []);
}

/**
 * What the system trusts and what Node brings along: the union, so that an authority of the company that is installed
 * on the system counts, and so that a container image without a store works. `NODE_EXTRA_CA_CERTS` counts too;
 * `SSL_CERT_FILE` and `SSL_CERT_DIR` do as part of the system. Takes some 100 ms, so it is called once.
 */
export function defaultAnchors(): TrustAnchors {
  const stores = STORES.map((store) => load(store));
  return anchorsFrom(
    stores.flatMap(({ blocks }) => blocks),
    stores.flatMap(({ warnings }) => warnings),
  );
}

const STORES = ["bundled", "extra", "system"] as const;

interface Loaded {
  readonly blocks: readonly string[];
  readonly warnings: readonly string[];
}

/** One store that cannot be read leaves the others in force; the warning then explains an authority that is missing. */
function load(store: (typeof STORES)[number]): Loaded {
  try {
    return { blocks: getCACertificates(store), warnings: [] };
  } catch (error) {
    return { blocks: [], warnings: [`the ${store} store cannot be read: ${messageOf(error)}`] };
  }
}

function anchorsFrom(blocks: readonly string[], loadWarnings: readonly string[]): TrustAnchors {
  const byFingerprint = new Map<string, Certificate>();
  const warnings = [...loadWarnings];
  for (const block of new Set(blocks)) {
    try {
      const certificate = readCertificate(new X509Certificate(block).raw);
      byFingerprint.set(certificate.facts.fingerprintSha256, certificate);
    } catch (error) {
      warnings.push(`a certificate among the authorities cannot be read: ${messageOf(error)}`);
    }
  }
  const fingerprints = new Set([...byFingerprint.keys()].toSorted());
  const id = createHash("sha256")
    .update([...fingerprints].join())
    .digest("hex");
  return { id, fingerprints, bySubject: Map.groupBy(byFingerprint.values(), ({ subject }) => subject), warnings };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
