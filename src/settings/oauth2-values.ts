/** The grant that signs its request (RFC 7523 §2.1), as `grant_type` spells it. */
export const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/** How it may be signed (RFC 7518 §3.1). */
export const SIGNATURE_ALGORITHMS = ["RS256", "RS384", "RS512"] as const;

/** The URL of a token's server; undefined where the text is no HTTP URL with a host. */
export function httpUrl(value: string): URL | undefined {
  if (!/^https?:\/\/[^/?#]/iu.test(value) || !URL.canParse(value)) return undefined;
  return new URL(value);
}
