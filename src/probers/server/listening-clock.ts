import type { KeyValueNamespace, KeyValueStore } from "../../outcome/key-value-store.ts";
import type { ServiceEnvironment } from "../../probe/services.ts";

/** How much of the clock a crash may lose, in seconds: a report that is missing is noticed so much later. */
const KEPT_EVERY_SECONDS = 10;

/**
 * Seconds for which reports could come in, over all restarts and all exporters that share a store. While none of them
 * listens, or none can keep a report, that time must not count as a server's silence; and what was silence before a
 * restart must still count after it. Exporters agree by what they count, not by the time of day, which may differ.
 */
export class ListeningClock {
  readonly #now: () => number;
  readonly #store: KeyValueStore;
  readonly #kept: KeyValueNamespace;
  readonly #loaded: Promise<void>;
  /** What had been counted when this exporter started, corrected by what others count. */
  #before = 0;
  /** What this exporter has listened. */
  #own = 0;
  #readAt: number;
  #deaf: number;
  #keptSeconds = 0;

  constructor({ clock, store }: ServiceEnvironment) {
    this.#now = clock.now;
    this.#store = store;
    this.#kept = store.namespace("server-listening");
    this.#readAt = clock.now();
    this.#deaf = store.deafMilliseconds();
    this.#loaded = this.#load();
  }

  /** Grows while reports can be taken, and never goes back, whatever happens to the time of day. */
  async seconds(): Promise<number> {
    await this.#loaded;
    const seconds = this.#read();
    if (seconds - this.#keptSeconds < KEPT_EVERY_SECONDS) return seconds;
    this.#keptSeconds = seconds;
    await this.#share();
    return this.#read();
  }

  /** Somebody who shares the store read this from his clock. */
  hear(seconds: number): void {
    this.#before = Math.max(this.#before, seconds - this.#own);
  }

  async #load(): Promise<void> {
    const counted = secondsOf((await this.#kept.get(KEY))?.value);
    this.#before = Math.max(this.#before, counted);
    this.#keptSeconds = this.#before;
  }

  #read(): number {
    const now = this.#now();
    const deaf = this.#store.deafMilliseconds();
    this.#own += Math.max(0, now - this.#readAt - (deaf - this.#deaf)) / 1000;
    this.#readAt = now;
    this.#deaf = deaf;
    return this.#before + this.#own;
  }

  async #share(): Promise<void> {
    await this.#kept.update(KEY, (before) => {
      this.hear(secondsOf(before?.value));
      return { value: this.#read(), keptAt: this.#now() };
    });
  }
}

const KEY = "seconds";

function secondsOf(kept: unknown): number {
  return typeof kept === "number" && kept >= 0 ? kept : 0;
}
