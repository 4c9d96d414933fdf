import type { ServiceClock } from "../../../src/probe/services.ts";

/** A clock that stands still until it is told to go on; chance is what it is told to be. */
export interface FakeClock extends ServiceClock {
  /** Goes on by so many seconds and wakes whoever slept until then, in order. */
  readonly advance: (seconds: number) => void;
  /** How many sleep. */
  readonly sleepers: () => number;
}

export function createFakeClock(random: () => number = () => 0.5): FakeClock {
  let now = Date.parse("2027-01-01T00:00:00Z");
  const sleeping = new Set<{ readonly until: number; readonly wake: () => void }>();
  return {
    now: () => now,
    random,
    sleepers: () => sleeping.size,
    sleep: (seconds) => new Promise((wake) => void sleeping.add({ until: now + seconds * 1000, wake })),
    advance(seconds) {
      now += seconds * 1000;
      for (const sleeper of sleeping) {
        if (sleeper.until > now) continue;
        sleeping.delete(sleeper);
        sleeper.wake();
      }
    },
  };
}
