import { ProbeFailure } from "../outcome/probe-failure.ts";
import type { MailSettings } from "../settings/mail-settings.ts";
import type { MailChannel } from "./mail-channel.ts";

/**
 * Throws ProbeFailure where a password would go in the clear and the module does not allow that: `tls/not-offered`
 * where the server has no STARTTLS, `request/parameter-missing` where the module itself turned it off.
 */
export function assertLoginAllowed(channel: MailChannel, settings: MailSettings): void {
  if (channel.encrypted || settings.plaintextLogin === "allow") return;
  const remedy = "plaintext_login: allow permits it";
  if (settings.startTls === "off") {
    const detail = `The module turns STARTTLS off, and its password would go in the clear (${remedy})`;
    throw new ProbeFailure("request/parameter-missing", { detail });
  }
  const detail = `The server does not offer TLS, and the password would go in the clear (${remedy})`;
  throw new ProbeFailure("tls/not-offered", { detail });
}
