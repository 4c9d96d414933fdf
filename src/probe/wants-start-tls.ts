import { ProbeFailure } from "../outcome/probe-failure.ts";
import type { MailSettings } from "../settings/mail-settings.ts";
import type { MailChannel } from "./mail-channel.ts";

/**
 * Whether to ask the server for TLS now. Throws ProbeFailure `tls/not-offered` where the module requires it and the
 * server does not list the command for it.
 */
export function wantsStartTls(
  channel: MailChannel,
  { settings, offered }: { readonly settings: MailSettings; readonly offered: boolean },
): boolean {
  if (channel.encrypted || settings.startTls === "off") return false;
  if (offered || settings.startTls === "opportunistic") return offered;
  throw new ProbeFailure("tls/not-offered", { detail: "The server does not offer TLS, which the module requires" });
}
