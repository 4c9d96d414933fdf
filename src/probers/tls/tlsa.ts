import { createHash } from "node:crypto";
import type { Certificate } from "../../network/certificate-read.ts";

/** What a domain says of the certificates of a server (RFC 6698 §2.1). */
export interface TlsaRecord {
  /** 0 and 1 add to what clients demand anyway; 2 and 3 take its place. Odd ones are about the server's own. */
  readonly usage: 0 | 1 | 2 | 3;
  /** The whole certificate, or its public key. */
  readonly selector: 0 | 1;
  /** As it is, by SHA-256 or by SHA-512. */
  readonly matching: 0 | 1 | 2;
  readonly data: Buffer;
}

/** Reads a record's data; undefined where it is of a kind that nobody knows, which counts as none (RFC 6698 §4). */
export function readTlsaRecord(content: Buffer): TlsaRecord | undefined {
  const usage = USAGES.find((value) => value === content[0]);
  const selector = SELECTORS.find((value) => value === content[1]);
  const matching = MATCHINGS.find((value) => value === content[2]);
  const data = content.subarray(3);
  if (usage === undefined || selector === undefined || matching === undefined || data.length === 0) return undefined;
  return { usage, selector, matching, data };
}

const USAGES = [0, 1, 2, 3] as const;
const SELECTORS = [0, 1] as const;
const MATCHINGS = [0, 1, 2] as const;

/** What a server showed. */
export interface Shown {
  /** As sent, the server's own first. */
  readonly sent: readonly Certificate[];
  /** A chain that verified; empty where none did. */
  readonly chain: readonly Certificate[];
}

/** Whether a record is about one of the server's certificates, in the place that its usage means. */
export function fitsTlsa(record: TlsaRecord, shown: Shown): boolean {
  return CANDIDATES[record.usage](shown).some((certificate) => isMeant(record, certificate));
}

const CANDIDATES: Readonly<Record<TlsaRecord["usage"], (shown: Shown) => readonly Certificate[]>> = {
  0: ({ chain }) => chain.slice(1),
  1: ({ chain }) => chain.slice(0, 1),
  2: ({ sent, chain }) => [...linked(sent), ...chain.slice(1)],
  3: ({ sent }) => sent.slice(0, 1),
};

/** The certificates above the server's own, as far as each has signed the one before. */
function linked(sent: readonly Certificate[]): readonly Certificate[] {
  const end = sent.findIndex((issuer, index) => {
    const before = sent[index - 1];
    return before !== undefined && !before.x509.verify(issuer.x509.publicKey);
  });
  return sent.slice(1, end === -1 ? undefined : end);
}

function isMeant({ selector, matching, data }: TlsaRecord, { x509, publicKey }: Certificate): boolean {
  const selected = selector === 0 ? x509.raw : Buffer.from(publicKey, "hex");
  return data.equals(MATCH[matching](selected));
}

const MATCH: Readonly<Record<TlsaRecord["matching"], (selected: Buffer) => Buffer>> = {
  0: (selected) => selected,
  1: (selected) => createHash("sha256").update(selected).digest(),
  2: (selected) => createHash("sha512").update(selected).digest(),
};
