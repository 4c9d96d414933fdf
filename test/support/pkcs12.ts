import { X509Certificate } from "node:crypto";
import * as pkijs from "pkijs";

/** A PKCS#12 store (DER) of certificates (PEM), encrypted and with a checksum as OpenSSL 3 makes them. */
export async function pkcs12(certificates: readonly string[], password: string): Promise<Buffer> {
  const secret = new TextEncoder().encode(password).buffer;
  const safe = new pkijs.AuthenticatedSafe({
    parsedValue: {
      safeContents: [{ privacyMode: 1, value: new pkijs.SafeContents({ safeBags: certificates.map(bagOf) }) }],
    },
  });
  await safe.makeInternalValues({
    safeContents: [
      {
        password: secret,
        contentEncryptionAlgorithm: { name: "AES-CBC", length: 256 },
        hmacHashAlgorithm: "SHA-256",
        iterationCount: 2048,
      },
    ],
  });
  const store = new pkijs.PFX({ parsedValue: { integrityMode: 0, authenticatedSafe: safe } });
  await store.makeInternalValues({
    password: secret,
    iterations: 2048,
    pbkdf2HashAlgorithm: "SHA-256",
    hmacHashAlgorithm: "SHA-256",
  });
  return Buffer.from(store.toSchema().toBER(false));
}

function bagOf(certificate: string): pkijs.SafeBag {
  const der = new Uint8Array(new X509Certificate(certificate).raw).buffer;
  return new pkijs.SafeBag({
    bagId: "1.2.840.113549.1.12.10.1.3",
    bagValue: new pkijs.CertBag({ parsedValue: pkijs.Certificate.fromBER(der) }),
  });
}
