import { z } from "zod";
import { type MailSettings, mailShape, readMailSettings } from "../../settings/mail-settings.ts";
import { text } from "../../settings/text.ts";
import { MECHANISMS, type Mechanism } from "./mechanism.ts";

/** A module's `smtp` block, decoded. */
export interface SmtpSettings {
  readonly mail: MailSettings;
  /** How to introduce oneself; undefined for the address from which the probe connects. */
  readonly ehloName: string | undefined;
  readonly authMethod: Mechanism | "auto";
  /** Both are read when the module is probed, so that what is wrong with them has a code of its own; "" is unset. */
  readonly mailFrom: string;
  readonly recipient: string;
}

/** A domain has at most 255 characters (RFC 5321 §4.5.3.1.2), and what stands for one has no blanks. */
const ehloName = text.refine(
  (value) => /^[\u0021-\u007e]{0,255}$/u.test(value),
  "expected a host name such as prober.example.com",
);

const authMethod = z.enum(["auto", ...MECHANISMS], { error: `expected one of auto, ${MECHANISMS.join(", ")}` });

/** Reads the `smtp` block of a module. */
export const smtpSettings: z.ZodType<SmtpSettings> = z
  .strictObject({
    ...mailShape,
    ehlo_name: ehloName.optional(),
    auth_method: authMethod.optional(),
    mail_from: text.optional(),
    recipient: text.optional(),
  })
  .transform((raw, context): SmtpSettings => {
    const { ehlo_name, auth_method, mail_from, recipient, ...mail } = raw;
    return {
      mail: readMailSettings(mail, { context }),
      ehloName: ehlo_name === "" ? undefined : ehlo_name,
      authMethod: auth_method ?? "auto",
      mailFrom: mail_from ?? "",
      recipient: recipient ?? "",
    };
  });
