import type { SecureVersion } from "node:tls";

/** A module's `tls_config`, decoded. Files are read when first needed and again when they change. */
export interface TlsSettings {
  /** PEM text of the trust anchors that replace the system's, or the file that holds it. */
  readonly authorities: PemSource | undefined;
  /** The client's certificate and its key; both or neither. */
  readonly certificate: PemSource | undefined;
  readonly key: PemSource | undefined;
  /** The name to send (SNI) and to verify instead of the target's. */
  readonly serverName: string | undefined;
  readonly insecureSkipVerify: boolean;
  readonly minVersion: SecureVersion | undefined;
  readonly maxVersion: SecureVersion | undefined;
  /** Whether to look the peer's certificates up in their issuers' lists of revoked ones. */
  readonly checkRevoked: boolean;
}

/** PEM text given inline (behind a function, for it may be a secret), or a file. */
export type PemSource = { readonly inline: () => string } | { readonly file: string };

/** No `tls_config` at all: the system's trust, nothing special. */
export const DEFAULT_TLS_SETTINGS: TlsSettings = {
  authorities: undefined,
  certificate: undefined,
  key: undefined,
  serverName: undefined,
  insecureSkipVerify: false,
  minVersion: undefined,
  maxVersion: undefined,
  checkRevoked: false,
};
