import type { KeyValueNamespace } from "../../outcome/key-value-store.ts";
import type { ServiceEnvironment } from "../../probe/services.ts";

/** How much of the clock a crash may lose, in seconds: a report that is missing is noticed so much later. */
const KEPT_EVERY_SECONDS = 10;

/**
 * Seconds for which the exporter has been listening, over all restarts. While it is not, no report can come in, so that
 * time must not count as a server's silence; and what was silence before a restart must still count after it.
 */
export class ListeningClock {
  readonly #now: () => number;
  readonly #kept: KeyValueNamespace;
  #seconds: number;
  #readAt: number;
  #keptSeconds: number;

  constructor({ clock, store }: ServiceEnvironment) {
    this.#now = clock.now;
    this.#kept = store.namespace("server-listening");
    const kept = this.#kept.get(KEY)?.value;
    this.#seconds = typeof kept === "number" && kept >= 0 ? kept : 0;
    this.#keptSeconds = this.#seconds;
    this.#readAt = clock.now();
  }

  /** Grows while the exporter runs, and never goes back, whatever happens to the time of day. */
  seconds(): number {
    const now = this.#now();
    this.#seconds += Math.max(0, now - this.#readAt) / 1000;
    this.#readAt = now;
    if (this.#seconds - this.#keptSeconds >= KEPT_EVERY_SECONDS) {
      this.#kept.put(KEY, { value: this.#seconds, keptAt: now });
      this.#keptSeconds = this.#seconds;
    }
    return this.#seconds;
  }
}

const KEY = "seconds";
