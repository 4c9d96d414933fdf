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
}
