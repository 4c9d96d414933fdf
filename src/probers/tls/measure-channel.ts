import type { SecureChannel } from "../../network/secure.ts";
import type { MeasurementName } from "../../outcome/measurement.ts";
import type { ProbeContext } from "../../probe/prober.ts";
import { comparePins } from "./pins.ts";
import type { ProberSettings } from "./settings.ts";

const DAY_SECONDS = 86_400;

/** Measures what only this prober tells of a channel, whether it is accepted or not. */
export function measureChannel(channel: SecureChannel, settings: ProberSettings, context: ProbeContext): void {
  context.withdraw(CHANNEL_MEASUREMENTS);
  const [leaf] = channel.certificates;
  if (leaf === undefined) return;
  const { embeddedTimestamps } = leaf;
  if (embeddedTimestamps !== undefined) context.measure("probe_tls_embedded_scts", embeddedTimestamps);
  for (const { pin, fits } of comparePins(leaf, settings.pins)) {
    context.measure("probe_tls_pin_matched", fits ? 1 : 0, { pin });
  }
  measureStaple(channel, context);
  measureDaysLeft(channel, settings, context);
}

/** Of a server from which a redirect led away, nothing stays. */
const CHANNEL_MEASUREMENTS = [
  "probe_tls_embedded_scts",
  "probe_tls_pin_matched",
  "probe_tls_expires_soon",
  "probe_tls_version_offered",
  "probe_tls_tlsa_records",
  "probe_tls_tlsa_authenticated",
  "probe_tls_tlsa_matched",
  "probe_tls_ocsp_stapled",
  "probe_tls_ocsp_status_info",
  "probe_tls_ocsp_this_update_timestamp_seconds",
  "probe_tls_ocsp_next_update_timestamp_seconds",
] as const satisfies readonly MeasurementName[];

/** A response that proves nothing has no status: that it is there, and until when it would hold, is all there is. */
function measureStaple({ staple }: SecureChannel, context: ProbeContext): void {
  if (staple === undefined) return;
  context.measure("probe_tls_ocsp_stapled", staple.kind === "response" ? 1 : 0);
  if (staple.kind === "none") return;
  const { status, thisUpdate, nextUpdate, detail } = staple;
  if (thisUpdate !== undefined) context.measure("probe_tls_ocsp_this_update_timestamp_seconds", thisUpdate);
  if (nextUpdate !== undefined) context.measure("probe_tls_ocsp_next_update_timestamp_seconds", nextUpdate);
  if (status !== undefined) context.measure("probe_tls_ocsp_status_info", 1, { status });
  if (status === undefined) context.log("warn", "OCSP response", { detail });
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
