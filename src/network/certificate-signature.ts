import { DER, type DerElement, derElements, derObjectIdentifier } from "./certificate-der.ts";

/** An AlgorithmIdentifier of a signature by its usual name, e.g. `SHA256-RSA`, or as an object identifier. */
export function signatureName(algorithm: DerElement | undefined): string {
  const [type, parameters] = derElements(algorithm?.content ?? Buffer.alloc(0));
  const identifier = derObjectIdentifier(type);
  if (identifier === PSS) return `${pssHash(parameters)}-RSAPSS`;
  return NAMES[identifier] ?? identifier;
}

/** The hash of a signature that can be forged, by the signature's name; absent for all others. */
export function forgeableHash(name: string): string | undefined {
  return FORGEABLE[name];
}

const PSS = "1.2.840.113549.1.1.10";

/** RFC 8017 appendix A.2.3: without a word on the hash it is SHA-1. */
function pssHash(parameters: DerElement | undefined): string {
  const parts = parameters?.tag === DER.sequence ? derElements(parameters.content) : [];
  const wrapped = parts.find((part) => part.tag === 0xa0);
  if (wrapped === undefined) return "SHA1";
  const [algorithm] = derElements(wrapped.content);
  const identifier = derObjectIdentifier(derElements(algorithm?.content ?? Buffer.alloc(0))[0]);
  return HASHES[identifier] ?? identifier;
}

const HASHES: Readonly<Record<string, string>> = {
  "1.3.14.3.2.26": "SHA1",
  "2.16.840.1.101.3.4.2.1": "SHA256",
  "2.16.840.1.101.3.4.2.2": "SHA384",
  "2.16.840.1.101.3.4.2.3": "SHA512",
};

/** As Go names them (RFC 8017, RFC 3279, RFC 5758, RFC 8410). */
const NAMES: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.1.2": "MD2-RSA",
  "1.2.840.113549.1.1.4": "MD5-RSA",
  "1.2.840.113549.1.1.5": "SHA1-RSA",
  "1.3.14.3.2.29": "SHA1-RSA",
  "1.2.840.113549.1.1.11": "SHA256-RSA",
  "1.2.840.113549.1.1.12": "SHA384-RSA",
  "1.2.840.113549.1.1.13": "SHA512-RSA",
  "1.2.840.10040.4.3": "DSA-SHA1",
  "2.16.840.1.101.3.4.3.2": "DSA-SHA256",
  "1.2.840.10045.4.1": "ECDSA-SHA1",
  "1.2.840.10045.4.3.2": "ECDSA-SHA256",
  "1.2.840.10045.4.3.3": "ECDSA-SHA384",
  "1.2.840.10045.4.3.4": "ECDSA-SHA512",
  "1.3.101.112": "Ed25519",
  "1.3.101.113": "Ed448",
};

const FORGEABLE: Readonly<Record<string, string>> = {
  "MD2-RSA": "MD2",
  "MD5-RSA": "MD5",
  "SHA1-RSA": "SHA-1",
  "SHA1-RSAPSS": "SHA-1",
  "DSA-SHA1": "SHA-1",
  "ECDSA-SHA1": "SHA-1",
};
