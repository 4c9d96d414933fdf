/** What a probe gets where the scrape does not say: as blackbox_exporter. */
const DEFAULT_SECONDS = 120;

/** No scrape waits for a day, and Node's timers end at 24 days: a longer wish is cut to this. */
const MOST_SECONDS = 86_400;

/** A decimal number as Prometheus writes it: digits, perhaps a fraction, perhaps an exponent. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * Seconds that a probe may take: what the scrape grants (`X-Prometheus-Scrape-Timeout-Seconds`; none or 0 for the
 * default) less the offset, or the module's own limit where that is shorter. Zero or less where the offset leaves
 * nothing; NaN where the header is no number. The runner answers both as `deadline/no-time-left`.
 */
export function probeTimeoutSeconds(given: {
  readonly header: string | undefined;
  readonly offsetSeconds: number;
  readonly moduleSeconds: number | undefined;
}): number {
  const granted = grantedSeconds(given.header) - given.offsetSeconds;
  const { moduleSeconds } = given;
  const own = moduleSeconds !== undefined && moduleSeconds > 0 ? moduleSeconds : Infinity;
  return Math.min(granted, own, MOST_SECONDS);
}

function grantedSeconds(header: string | undefined): number {
  if (header === undefined || header === "") return DEFAULT_SECONDS;
  const seconds = NUMBER.test(header) ? Number(header) : Number.NaN;
  return seconds === 0 ? DEFAULT_SECONDS : seconds;
}
