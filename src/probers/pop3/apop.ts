import { createHash } from "node:crypto";

/**
 * The timestamp in a greeting (RFC 1939 §7), with its angle brackets; undefined where the server offers no APOP. What is
 * no message identifier is none: a server that may choose any bytes learns the password from their digests
 * (CVE-2007-1558).
 */
export function readTimestamp(greeting: string): string | undefined {
  return TIMESTAMP.exec(greeting)?.[0];
}

const TIMESTAMP = /<[\u0021-\u003b\u003d\u003f\u0041-\u007e]+@[\u0021-\u003b\u003d\u003f\u0041-\u007e]+>/u;

/** The digest that proves the password without telling it: MD5 of timestamp and password, in hexadecimal digits. */
export function apopDigest(timestamp: string, password: string): string {
  return createHash("md5").update(timestamp).update(password).digest("hex");
}
