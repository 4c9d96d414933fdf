import { z } from "zod";
import { type MailSettings, mailShape, readMailSettings } from "../../settings/mail-settings.ts";

/** How to log in: by USER and PASS, by APOP (RFC 1939 §7), or by PLAIN of SASL (RFC 5034). */
const AUTH_METHODS = ["user", "apop", "plain"] as const;
export type AuthMethod = (typeof AUTH_METHODS)[number];

/** A module's `pop3` block, decoded. */
export interface Pop3Settings {
  readonly mail: MailSettings;
  readonly authMethod: AuthMethod | "auto";
}

const authMethod = z.enum(["auto", ...AUTH_METHODS], { error: `expected one of auto, ${AUTH_METHODS.join(", ")}` });

/** Reads the `pop3` block of a module. */
export const pop3Settings: z.ZodType<Pop3Settings> = z
  .strictObject({ ...mailShape, auth_method: authMethod.optional() })
  .transform(({ auth_method, ...mail }, context): Pop3Settings => {
    return { mail: readMailSettings(mail, { context }), authMethod: auth_method ?? "auto" };
  });
