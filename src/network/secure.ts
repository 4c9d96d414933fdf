import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { CertificateFacts } from "./certificate.ts";
import type { Staple } from "./staple.ts";
import type { TlsSettings } from "./tls-settings.ts";
import type { TlsVerdict } from "./verdict.ts";

export interface SecureOptions {
  readonly settings: TlsSettings;
  /** The host's name or address: sent as SNI if a name, and verified, unless the settings name another. */
  readonly host: string;
  /** ALPN protocols to offer, by preference. */
  readonly protocols?: readonly string[];
  /** To resume: that of another channel with the same peer (`getSession()`). Where it is not taken up, a new one begins. */
  readonly session?: Buffer | undefined;
  /** Asks for proof that the certificate was not revoked (OCSP stapling). */
  readonly staple?: "ask";
  readonly signal: AbortSignal;
}

/** A channel after its handshake, with all that is known of the peer; whether to trust it is the caller's decision. */
export interface SecureChannel {
  readonly socket: TLSSocket;
  /** As Go and blackbox_exporter write it, e.g. `TLS 1.3`. */
  readonly version: string;
  /** The IANA name of the cipher suite, e.g. `TLS_AES_128_GCM_SHA256`. */
  readonly cipher: string;
  /** What ALPN chose, if anything. */
  readonly protocol: string | undefined;
  /** Whether the peer took up the session given: it shows no certificates, and is the one that was judged before. */
  readonly resumed: boolean;
  /** The certificates that the peer sent, leaf first. */
  readonly certificates: readonly CertificateFacts[];
  readonly verdict: TlsVerdict;
  /** What the peer sent about revocation; absent where that was not asked. */
  readonly staple: Staple | undefined;
}

export interface TlsClient {
  /**
   * Shakes hands over a connected socket and judges the peer's certificates without refusing them. The socket's
   * ownership passes to the channel. Rejects when the handshake fails, with the library's error or a `ProbeFailure`.
   */
  secure(socket: Socket, options: SecureOptions): Promise<SecureChannel>;
}
