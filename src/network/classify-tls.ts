import type { ErrorFacts, Fault, Recognised } from "./classify-fault.ts";

/** What an error of OpenSSL's, or of Node's checks on certificates, means. */
export function recogniseTls({ code }: ErrorFacts): Recognised | undefined {
  const certificate = CERTIFICATE_BY_CODE.get(code);
  if (certificate !== undefined) return certificate;
  // Raised while certificates and keys are read, before any traffic or from the peer's own.
  if (code.startsWith("ERR_OSSL_"))
    return { fault: "certificate-invalid", sentence: "A certificate or key is unusable" };
  const reason = /^ERR_SSL_(?<reason>.+)$/.exec(code)?.groups?.["reason"];
  if (reason === undefined) return undefined;
  const alert = ALERT.exec(reason)?.groups?.["alert"];
  return alert === undefined ? ofReason(reason) : ofAlert(alert);
}

/**
 * OpenSSL names an alert of the peer's after the version that introduced it, and the prefix differs between its
 * releases: `SSLV3_ALERT_HANDSHAKE_FAILURE` became `SSL/TLS_ALERT_HANDSHAKE_FAILURE`.
 */
const ALERT = /^(?:SSL\/TLS|SSLV3|TLSV1|TLSV13)_(?:ALERT_)?(?<alert>.+)$/;

function ofReason(reason: string): Recognised {
  if (NOT_TLS.has(reason)) return { fault: "tls-absent", sentence: "The other side does not speak TLS on this port" };
  if (UNAGREED.has(reason)) return UNAGREED_RECOGNISED;
  if (WEAK.has(reason))
    return { fault: "certificate-invalid", sentence: "A certificate's key or signature is too weak" };
  return { fault: "tls-failed", sentence: `The TLS handshake failed: ${readable(reason)}` };
}

function ofAlert(alert: string): Recognised {
  if (UNAGREED_ALERTS.has(alert)) return UNAGREED_RECOGNISED;
  if (CLIENT_ALERTS.has(alert)) {
    return { fault: "tls-client-refused", sentence: `The server refused the client certificate: ${readable(alert)}` };
  }
  return { fault: "tls-failed", sentence: `The other side broke off TLS with the alert: ${readable(alert)}` };
}

function readable(reason: string): string {
  return reason.toLowerCase().replaceAll("_", " ");
}

/** The first bytes are no TLS record, or would be one of impossible length: another protocol answered. */
const NOT_TLS: ReadonlySet<string> = new Set([
  "WRONG_VERSION_NUMBER",
  "HTTP_REQUEST",
  "HTTPS_PROXY_REQUEST",
  "PACKET_LENGTH_TOO_LONG",
  "DATA_LENGTH_TOO_LONG",
  "ENCRYPTED_LENGTH_TOO_LONG",
  "RECORD_TOO_SMALL",
  "BAD_RECORD_TYPE",
  "UNKNOWN_PROTOCOL",
]);

const UNAGREED_RECOGNISED: Recognised = {
  fault: "tls-unagreed",
  sentence: "The two sides have no TLS version or cipher in common",
};

/** What this side finds: nothing left to offer, or the server chose what was not offered. */
const UNAGREED: ReadonlySet<string> = new Set([
  "NO_SHARED_CIPHER",
  "NO_CIPHER_MATCH",
  "NO_CIPHERS_AVAILABLE",
  "NO_PROTOCOLS_AVAILABLE",
  "NO_SHARED_GROUP",
  "NO_SHARED_GROUPS",
  "NO_SUITABLE_GROUPS",
  "NO_SUITABLE_KEY_SHARE",
  "NO_SUITABLE_SIGNATURE_ALGORITHM",
  "NO_SHARED_SIGNATURE_ALGORITHMS",
  "UNSUPPORTED_PROTOCOL",
  "UNSUPPORTED_SSL_VERSION",
  "VERSION_TOO_LOW",
  "VERSION_TOO_HIGH",
]);

/** What the peer says of it (RFC 8446 §6.2: alerts 40, 70, 71 and 86). */
const UNAGREED_ALERTS: ReadonlySet<string> = new Set([
  "HANDSHAKE_FAILURE",
  "PROTOCOL_VERSION",
  "INSUFFICIENT_SECURITY",
  "INAPPROPRIATE_FALLBACK",
]);

/** Alerts that a server has only for a client's certificate (RFC 8446 §6.2: 41 to 46, 48, 49, 114 and 116). */
const CLIENT_ALERTS: ReadonlySet<string> = new Set([
  "NO_CERTIFICATE",
  "BAD_CERTIFICATE",
  "UNSUPPORTED_CERTIFICATE",
  "CERTIFICATE_REVOKED",
  "CERTIFICATE_EXPIRED",
  "CERTIFICATE_UNKNOWN",
  "UNKNOWN_CA",
  "ACCESS_DENIED",
  "BAD_CERTIFICATE_HASH_VALUE",
  "CERTIFICATE_REQUIRED",
]);

const WEAK: ReadonlySet<string> = new Set(["EE_KEY_TOO_SMALL", "CA_KEY_TOO_SMALL", "CA_MD_TOO_WEAK"]);

/** Results of verification (X509_V_ERR_… without that prefix), in case a library verifies before we judge. */
const CERTIFICATE_BY_CODE: ReadonlyMap<string, Recognised> = new Map([
  ...named("certificate-expired", "The certificate has expired", ["CERT_HAS_EXPIRED"]),
  ...named("certificate-not-yet-valid", "The certificate is not valid yet", ["CERT_NOT_YET_VALID"]),
  ...named("certificate-name", "The certificate is for other names", [
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "HOSTNAME_MISMATCH",
  ]),
  ...named("certificate-unknown-authority", "The certificate's issuer is not trusted", [
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "UNABLE_TO_GET_ISSUER_CERT",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "CERT_UNTRUSTED",
    "INVALID_CA",
  ]),
  ...named("certificate-invalid", "The certificate is not valid", [
    "CERT_REVOKED",
    "CERT_REJECTED",
    "CERT_SIGNATURE_FAILURE",
    "CERT_CHAIN_TOO_LONG",
    "ERROR_IN_CERT_NOT_BEFORE_FIELD",
    "ERROR_IN_CERT_NOT_AFTER_FIELD",
    "ERR_TLS_CERT_ALTNAME_FORMAT",
    "INVALID_PURPOSE",
    "PATH_LENGTH_EXCEEDED",
    "UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY",
    "UNABLE_TO_DECRYPT_CERT_SIGNATURE",
  ]),
]);

function named(fault: Fault, sentence: string, codes: readonly string[]): readonly (readonly [string, Recognised])[] {
  return codes.map((code) => [code, { fault, sentence }]);
}
