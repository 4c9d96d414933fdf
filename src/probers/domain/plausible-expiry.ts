const YEAR_SECONDS = 365.25 * 24 * 3600;

/** Registries delete within months of the expiry, and sell ten years at most; a year more on either side for grace. */
const LONGEST_PAST_SECONDS = 2 * YEAR_SECONDS;
const LONGEST_AHEAD_SECONDS = 12 * YEAR_SECONDS;

/** Whether a date can be an expiry at all: a misread layout or another field shows here. All in Unix seconds. */
export function isPlausibleExpiry(
  expiresAt: number,
  { now, registeredAt }: { readonly now: number; readonly registeredAt: number | undefined },
): boolean {
  if (expiresAt < now - LONGEST_PAST_SECONDS || expiresAt > now + LONGEST_AHEAD_SECONDS) return false;
  return registeredAt === undefined || expiresAt >= registeredAt;
}
