import { DER, type DerElement, derChildren, derElements, derObjectIdentifier } from "./certificate-der.ts";

/** What kind of public key a certificate holds. */
export interface KeyFacts {
  /** `RSA`, `EC`, `DSA`, `Ed25519`, `Ed448`, or the object identifier of another kind. */
  readonly type: string;
  /** Its size: of the modulus, or of the curve. Absent where it is not known. */
  readonly bits: number | undefined;
}

/** Reads a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7). Throws where it is none. */
export function readKey(publicKey: DerElement): KeyFacts {
  const [algorithm, key] = derElements(publicKey.content);
  const [type, parameters] = derElements(algorithm?.content ?? Buffer.alloc(0));
  const identifier = derObjectIdentifier(type);
  const kind = KINDS[identifier];
  return kind === undefined
    ? { type: identifier, bits: undefined }
    : { type: kind.type, bits: kind.bits({ key, parameters }) };
}

interface Parts {
  readonly key: DerElement | undefined;
  readonly parameters: DerElement | undefined;
}

/** By object identifier: RFC 8017 appendix C, RFC 5480 §2.1, RFC 3279 §2.3.2, RFC 8410 §3. */
const KINDS: Readonly<Record<string, { readonly type: string; readonly bits: (parts: Parts) => number | undefined }>> =
  {
    "1.2.840.113549.1.1.1": { type: "RSA", bits: modulusBits },
    "1.2.840.113549.1.1.10": { type: "RSA", bits: modulusBits },
    "1.2.840.10045.2.1": { type: "EC", bits: curveBits },
    "1.2.840.10040.4.1": { type: "DSA", bits: primeBits },
    "1.3.101.112": { type: "Ed25519", bits: () => 256 },
    "1.3.101.113": { type: "Ed448", bits: () => 456 },
  };

/** A bit string (its first byte counts unused bits) with a sequence of modulus and exponent in it. */
function modulusBits({ key }: Parts): number | undefined {
  if (key?.tag !== DER.bitString) return undefined;
  return integerBits(derChildren(key.content.subarray(1), DER.sequence)[0]);
}

/** The parameters of DSA are the primes p and q and the generator. */
function primeBits({ parameters }: Parts): number | undefined {
  return parameters?.tag === DER.sequence ? integerBits(derElements(parameters.content)[0]) : undefined;
}

function curveBits({ parameters }: Parts): number | undefined {
  return parameters?.tag === DER.objectIdentifier ? CURVE_BITS[derObjectIdentifier(parameters)] : undefined;
}

function integerBits(element: DerElement | undefined): number | undefined {
  if (element?.tag !== DER.integer) return undefined;
  const start = element.content.findIndex((byte) => byte !== 0);
  const first = element.content[start];
  return first === undefined ? 0 : (element.content.length - start - 1) * 8 + (32 - Math.clz32(first));
}

/** RFC 5480 §2.1.1.1, RFC 5639 §4.1, SEC 2. */
const CURVE_BITS: Readonly<Record<string, number>> = {
  "1.2.840.10045.3.1.1": 192,
  "1.3.132.0.33": 224,
  "1.2.840.10045.3.1.7": 256,
  "1.3.132.0.10": 256,
  "1.3.132.0.34": 384,
  "1.3.132.0.35": 521,
  "1.3.36.3.3.2.8.1.1.7": 256,
  "1.3.36.3.3.2.8.1.1.11": 384,
  "1.3.36.3.3.2.8.1.1.13": 512,
};
