import type { KeyValueNamespace, KeyValueStore } from "../../outcome/key-value-store.ts";
import type { ServiceEnvironment } from "../../probe/services.ts";

/** How much of the clock a crash may lose, in seconds: a report that is missing is noticed so much later. */
export const KEPT_EVERY_SECONDS = 10;

/**
 * Seconds for which reports could come in, over all restarts and all exporters that share a store. While none of them
 * listens, or none can keep a report, that time must not count as a server's silence; and what was silence before a
 * restart must still count after it. Exporters agree by what they count, not by the time of day, which may differ.
 */
export class ListeningClock {
  readonly #now: () => number;
  readonly #store: KeyValueStore;
  readonly #kept: KeyValueNamespace;
  #loaded: Promise<void> | undefined = undefined;
  /** What had been counted when this exporter started, corrected by what others count. */
  #before = 0;
  /** What this exporter has listened. */
  #own = 0;
  #readAt: number;
  #deaf: number;
  #keptSeconds = 0;

  constructor({ clock, store, servers }: ServiceEnvironment) {
    this.#now = clock.now;
    this.#store = store;
    this.#kept = store.namespace("server-listening");
    this.#readAt = clock.now();
    this.#deaf = store.deafMilliseconds();
    if (servers().size > 0) this.#loaded = this.#readKept();
  }

  /** Grows while reports can be taken, and never goes back, whatever happens to the time of day. */
  async seconds(): Promise<number> {
    await this.#load();
    const seconds = this.#read();
    if (seconds - this.#keptSeconds < KEPT_EVERY_SECONDS) return seconds;
    await this.keep();
    return this.#read();
  }

  /** Notes what is counted, for a restart or for others. */
  async keep(): Promise<void> {
    await this.#load();
    this.#keptSeconds = this.#read();
    await this.#share();
  }

  /** Somebody who shares the store read this from his clock. */
  hear(seconds: number): void {
    this.#before = Math.max(this.#before, seconds - this.#own);
  }

  /** An exporter without servers has no use for a store, and listens from when it has some. */
  #load(): Promise<void> {
    if (this.#loaded === undefined) {
      this.#read();
      this.#own = 0;
      this.#loaded = this.#readKept();
    }
    return this.#loaded;
  }

  async #readKept(): Promise<void> {
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
