/** When to send, and how long to wait. */
export interface Schedule {
  readonly intervalSeconds: number;
  readonly packetTimeoutSeconds: number;
}

/** What the answer needs beside waiting: starting, summing up, being served. A short deadline gives a tenth of itself. */
const MARGIN_SECONDS = 0.1;

/**
 * Fits the packets into the time that is left, so that the probe ends by itself with what it has: the wait for the last
 * packet gives way down to half of the time, then the packets follow each other more closely.
 */
export function fitSchedule(
  wished: Schedule & { readonly packets: number },
  { secondsLeft }: { readonly secondsLeft: number },
): Schedule {
  const usable = secondsLeft - Math.min(MARGIN_SECONDS, secondsLeft / 10);
  const pauses = wished.packets - 1;
  const wait = Math.min(wished.packetTimeoutSeconds, Math.max(usable / 2, usable - pauses * wished.intervalSeconds));
  return {
    intervalSeconds: pauses === 0 ? wished.intervalSeconds : Math.min(wished.intervalSeconds, (usable - wait) / pauses),
    packetTimeoutSeconds: wait,
  };
}
