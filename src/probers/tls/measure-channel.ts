import type { SecureChannel } from "../../network/secure.ts";
import type { ProbeContext } from "../../probe/prober.ts";
import { comparePins } from "./pins.ts";
import type { ProberSettings } from "./settings.ts";

const DAY_SECONDS = 86_400;

/** Measures what only this prober tells of a channel, whether it is accepted or not. */
export function measureChannel(channel: SecureChannel, settings: ProberSettings, context: ProbeContext): void {
  const [leaf] = channel.certificates;
  if (leaf === undefined) return;
  const { embeddedTimestamps } = leaf;
  if (embeddedTimestamps !== undefined) context.measure("probe_tls_embedded_scts", embeddedTimestamps);
  for (const { pin, fits } of comparePins(leaf, settings.pins)) {
    context.measure("probe_tls_pin_matched", fits ? 1 : 0, { pin });
  }
  measureDaysLeft(channel, settings, context);
}

/** Of the certificates that clients see: of the longest chain that verified, or of what was sent where none did. */
function measureDaysLeft(
  { certificates, verdict }: SecureChannel,
  settings: ProberSettings,
  context: ProbeContext,
): void {
  const { leastDaysLeft } = settings;
  if (leastDaysLeft === undefined) return;
  const chains = verdict.chains.length > 0 ? verdict.chains : [certificates];
  const ends = chains.map((chain) => Math.min(...chain.map(({ notAfter }) => notAfter)));
  const end = Math.max(...ends.filter((date) => !Number.isNaN(date)));
  if (!Number.isFinite(end)) return;
  const daysLeft = (end - Date.now() / 1000) / DAY_SECONDS;
  context.measure("probe_tls_expires_soon", daysLeft < leastDaysLeft ? 1 : 0);
  if (daysLeft < leastDaysLeft) {
    context.log("warn", "The certificates end soon", { days_left: Math.floor(daysLeft), min_days_left: leastDaysLeft });
  }
}
