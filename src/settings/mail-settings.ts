import { z } from "zod";
import type { TlsSettings } from "../network/tls-settings.ts";
import { type AddressFamily, addressFamilyShape, readAddressFamily } from "./address-family.ts";
import { type Credentials, credentialsShape, readCredentials } from "./credentials.ts";
import { readTls, tlsShape } from "./tls-shape.ts";

/** What a module of SMTP, POP3, IMAP or FTP says of the way to the server and of the login. */
export interface MailSettings {
  readonly family: AddressFamily;
  /** Whether to turn a plain connection into TLS: always, where the server offers it, or never. */
  readonly startTls: "required" | "opportunistic" | "off";
  /** For TLS from the first byte as well as for TLS on request. */
  readonly tlsSettings: TlsSettings;
  readonly credentials: Credentials | undefined;
  /** Whether a password may go over a connection without TLS. */
  readonly plaintextLogin: "allow" | "forbid";
}

/** The keys that the four protocols share; spread into the strict object of a protocol's settings. */
export const mailShape = {
  ...addressFamilyShape,
  ...credentialsShape,
  starttls: z
    .enum(["required", "opportunistic", "off"], { error: 'expected "required", "opportunistic" or "off"' })
    .optional(),
  plaintext_login: z.enum(["allow", "forbid"], { error: 'expected "allow" or "forbid"' }).optional(),
  ...tlsShape,
};

const raw = z.strictObject(mailShape);

/** The settings that these keys describe. */
export function readMailSettings(
  given: z.output<typeof raw>,
  { context }: { readonly context: z.RefinementCtx },
): MailSettings {
  return {
    family: readAddressFamily(given),
    startTls: given.starttls ?? "opportunistic",
    tlsSettings: readTls(given),
    credentials: readCredentials(given, { context }),
    plaintextLogin: given.plaintext_login ?? "forbid",
  };
}
