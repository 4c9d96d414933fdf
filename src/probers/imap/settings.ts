import { z } from "zod";
import { isOneLine } from "../../network/line-dialogue.ts";
import { type MailSettings, mailShape, readMailSettings } from "../../settings/mail-settings.ts";
import { text } from "../../settings/text.ts";

/** How to log in: by LOGIN, or by PLAIN of SASL through AUTHENTICATE (RFC 3501 §6.2). */
const AUTH_METHODS = ["login", "plain"] as const;
export type AuthMethod = (typeof AUTH_METHODS)[number];

/** A module's `imap` block, decoded. */
export interface ImapSettings {
  readonly mail: MailSettings;
  readonly authMethod: AuthMethod | "auto";
  /** Whose status is asked for after the login; never empty. */
  readonly mailbox: string;
}

const authMethod = z.enum(["auto", ...AUTH_METHODS], { error: `expected one of auto, ${AUTH_METHODS.join(", ")}` });

/** A line end would make a second command of the rest. */
const mailbox = text.refine(isOneLine, "expected the name of a mailbox without line ends and NUL");

/** Reads the `imap` block of a module. */
export const imapSettings: z.ZodType<ImapSettings> = z
  .strictObject({ ...mailShape, auth_method: authMethod.optional(), mailbox: mailbox.optional() })
  .transform(({ auth_method, mailbox: named, ...mail }, context): ImapSettings => {
    return {
      mail: readMailSettings(mail, { context }),
      authMethod: auth_method ?? "auto",
      mailbox: named === undefined || named === "" ? "INBOX" : named,
    };
  });
