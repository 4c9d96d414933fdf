import { createHmac } from "node:crypto";

/** A user name and what proves it: a password, or for XOAUTH2 an access token. */
export interface SaslIdentity {
  readonly username: string;
  readonly password: string;
}

/** The one message of PLAIN in base64 (RFC 4616 §2), for oneself. */
export function plainMessage({ username, password }: SaslIdentity): string {
  return base64(`\0${username}\0${password}`);
}

/** The one message of XOAUTH2 in base64, as Google and Microsoft describe it; the password is the access token. */
export function xoauth2Message({ username, password }: SaslIdentity): string {
  return base64(`user=${username}\u0001auth=Bearer ${password}\u0001\u0001`);
}

/** The answer of CRAM-MD5 to a challenge (RFC 2195 §2), both in base64: a keyed digest that keeps the password. */
export function cramMd5Answer(challenge: string, { username, password }: SaslIdentity): string {
  const digest = createHmac("md5", password).update(Buffer.from(challenge, "base64")).digest("hex");
  return base64(`${username} ${digest}`);
}

/** Text as UTF-8 in base64 (RFC 4648 §4), as SASL messages go over a line. */
export function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
