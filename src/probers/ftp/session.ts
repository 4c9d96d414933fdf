import type { LineDialogue } from "../../network/line-dialogue.ts";
import type { MailChannel } from "../../probe/mail-channel.ts";
import type { ProbeContext } from "../../probe/prober.ts";
import type { MailSettings } from "../../settings/mail-settings.ts";

/** A control connection, and the probe that it is part of. */
export interface Session extends Disposable {
  readonly channel: MailChannel;
  readonly dialogue: LineDialogue;
  readonly settings: MailSettings;
  readonly context: ProbeContext;
}
