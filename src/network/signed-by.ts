import { type KeyObject, verify } from "node:crypto";
import type { DerElement } from "./certificate-der.ts";
import { forgeableHash, signatureName } from "./certificate-signature.ts";

/** Something with its signature: an OCSP response (RFC 6960 §4.2.1), a list of revoked certificates (RFC 5280 §5.1). */
export interface Signed {
  /** What is signed. */
  readonly data: DerElement;
  readonly algorithm: DerElement;
  readonly signature: Buffer;
}

/** Whether the owner of the key has signed it, over a hash that nobody can forge. */
export function isSignedBy({ data, algorithm, signature }: Signed, key: KeyObject): boolean {
  const name = signatureName(algorithm);
  // Ed25519 and Ed448 have their hash within; PSS, which authorities do not use for this, would need its parameters.
  const hash = /SHA(?:256|384|512)/u.exec(name)?.[0] ?? null;
  if (forgeableHash(name) !== undefined || name.endsWith("PSS")) return false;
  try {
    return verify(hash, data.raw, key, signature);
  } catch {
    // A key of another kind than the signature has signed nothing.
    return false;
  }
}
