import { ProbeFailure } from "../../outcome/probe-failure.ts";
import type { ServiceClock } from "../../probe/services.ts";

/** Longer lines make no sense: whoever stands at the end would get an answer tomorrow. */
const LONGEST_WAIT_SECONDS = 6 * 3600;

/** How long a registry that said "later" without saying when is left alone. */
const PAUSE_SECONDS = 60;

/** No registry means more than a day; a hostile one might say a century. */
const LONGEST_PAUSE_SECONDS = 24 * 3600;

interface Line {
  /** Unix milliseconds at which the next may go. */
  nextAt: number;
  pausedUntil: number;
}

/** Spaces the questions to each registry, however many probes want to ask at once. */
export class RegistryQueue {
  readonly #clock: ServiceClock;
  readonly #lines = new Map<string, Line>();

  constructor(clock: ServiceClock) {
    this.#clock = clock;
  }

  /** Resolves when it is one's turn; throws `ProbeFailure` `registry/unavailable` while the registry wants to be left alone. */
  async turn(
    server: string,
    options: { readonly intervalSeconds: number; readonly signal: AbortSignal },
  ): Promise<void> {
    const line = this.#lineOf(server);
    const now = this.#clock.now();
    this.#refuseWhilePaused(server, now);
    const turnAt = Math.max(now, line.nextAt);
    const waitSeconds = (turnAt - now) / 1000;
    if (waitSeconds > LONGEST_WAIT_SECONDS) {
      const detail = `More questions wait for ${server} than it can be asked in ${LONGEST_WAIT_SECONDS / 3600} hours`;
      throw new ProbeFailure("registry/unavailable", { detail });
    }
    line.nextAt = turnAt + options.intervalSeconds * 1000;
    if (waitSeconds === 0) return;
    await this.#clock.sleep(waitSeconds, options.signal);
    this.#refuseWhilePaused(server, this.#clock.now());
  }

  /** Leaves the registry alone for so many seconds, as it asked. */
  pause(server: string, seconds: number = PAUSE_SECONDS): void {
    const until = this.#clock.now() + Math.min(seconds, LONGEST_PAUSE_SECONDS) * 1000;
    const line = this.#lineOf(server);
    line.pausedUntil = Math.max(line.pausedUntil, until);
  }

  #refuseWhilePaused(server: string, now: number): void {
    const { pausedUntil } = this.#lineOf(server);
    if (pausedUntil <= now) return;
    throw new Paused(server, (pausedUntil - now) / 1000);
  }

  #lineOf(server: string): Line {
    const known = this.#lines.get(server);
    if (known !== undefined) return known;
    const made = { nextAt: 0, pausedUntil: 0 };
    this.#lines.set(server, made);
    return made;
  }
}

/** The registry said that it wants no questions before so many seconds have passed. */
export class Paused extends ProbeFailure {
  readonly seconds: number;

  constructor(server: string, seconds: number) {
    const detail = `${server} wants no questions for another ${Math.ceil(seconds)} s: it was asked too often`;
    super("registry/unavailable", { detail });
    this.seconds = seconds;
  }
}
