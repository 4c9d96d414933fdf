/** What is known of one certificate; times in Unix seconds. */
export interface CertificateFacts {
  /** DER. */
  readonly raw: Buffer;
  /** Lower-case hexadecimal, no colons. */
  readonly fingerprintSha256: string;
  /** Distinguished names in the order and escaping of Go's `pkix.Name.String()`, as blackbox_exporter shows them. */
  readonly subject: string;
  readonly issuer: string;
  /** Lower-case hexadecimal of even length; empty for zero. */
  readonly serialNumber: string;
  /** The DNS names and IP addresses that the certificate is for. */
  readonly dnsNames: readonly string[];
  readonly addresses: readonly string[];
  /** Not a number where the certificate's date cannot be read. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** `RSA`, `EC`, `DSA`, `Ed25519`, `Ed448`, or an object identifier; empty where it cannot be read. */
  readonly keyType: string;
  /** The size of the key; absent where it is not known. */
  readonly keyBits: number | undefined;
  /** SHA-256 of the public key with its algorithm (SubjectPublicKeyInfo), lower-case hexadecimal; or empty. */
  readonly publicKeySha256: string;
  /** How many logs have promised to publish it, as it says itself (RFC 6962 §3.3); absent where that is garbled. */
  readonly embeddedTimestamps: number | undefined;
  /** As Go names it, e.g. `SHA256-RSA`, or an object identifier; empty where it cannot be read. */
  readonly signatureAlgorithm: string;
}
