import type { CertificateProblem } from "../../src/network/certificate-finding.ts";
import {
  type Authority,
  createAuthority,
  expired,
  extension,
  type Identity,
  notYetValid,
  selfSigned,
} from "./certificates.ts";

/** What a server presents that has a problem with its certificates. */
export interface ProblemIdentity {
  readonly identity: Identity;
  /** To be stapled (OCSP, DER). */
  readonly staple?: Buffer;
  /** What cannot but be wrong as well. */
  readonly also?: readonly CertificateProblem[];
}

/** A certificate for each problem. Whatever is not the problem's own point is sound, given that `root` is trusted. */
export function problemCertificates(
  root: Authority,
): Readonly<Record<CertificateProblem, () => Promise<ProblemIdentity>>> {
  return {
    expired: async () => ({ identity: await root.issue(expired()) }),
    not_yet_valid: async () => ({ identity: await root.issue(notYetValid()) }),
    name_mismatch: async () => ({ identity: await root.issue({ names: ["other.example"], addresses: [] }) }),
    unknown_authority: async () => ({ identity: await ofStranger() }),
    self_signed: async () => ({ identity: await selfSigned(), also: ["unknown_authority"] }),
    chain_incomplete: async () => ({ identity: await withoutIntermediate(root), also: ["unknown_authority"] }),
    // Clients refuse a chain that hangs on SHA-1.
    weak_signature: async () => ({ identity: await root.issue({ hash: "SHA-1" }), also: ["invalid"] }),
    weak_key: async () => ({ identity: await root.issue({ keys: "RSA-1024" }) }),
    lifetime_too_long: async () => ({ identity: await root.issue({ notAfter: yearsFromNow(3) }) }),
    revoked: () => revoked(root),
    staple_missing: async () => ({ identity: await root.issue({ extensions: [MUST_STAPLE] }) }),
    invalid: async () => ({ identity: await root.issue({ purposes: ["client"] }) }),
  };
}

/** RFC 7633: the extension of TLS by which a client asks for a staple. */
const MUST_STAPLE = extension("1.3.6.1.5.5.7.1.24", { critical: false, value: Buffer.from("3003020105", "hex") });

async function ofStranger(): Promise<Identity> {
  const stranger = await createAuthority({ commonName: "Test Stranger" });
  const identity = await stranger.issue();
  return { ...identity, chain: identity.chain + stranger.certificate };
}

async function withoutIntermediate(root: Authority): Promise<Identity> {
  const identity = await (await root.intermediate()).issue();
  return { ...identity, chain: identity.certificate };
}

async function revoked(root: Authority): Promise<ProblemIdentity> {
  const identity = await root.issue();
  return { identity, staple: await root.ocspResponse(identity.certificate, { status: "revoked" }) };
}

function yearsFromNow(years: number): Date {
  const date = new Date();
  date.setUTCFullYear(date.getUTCFullYear() + years);
  date.setUTCMilliseconds(0);
  return date;
}
