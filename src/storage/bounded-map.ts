/** Whoever asks chooses the keys: this is far more than anyone probes, and a few dozen megabytes. */
const MOST_KEYS = 50_000;

/** A map that forgets what was set longest ago when it holds too many. */
export class BoundedMap<T> {
  readonly #entries = new Map<string, T>();

  get(key: string): T | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: T): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MOST_KEYS && oldest !== undefined) this.#entries.delete(oldest);
  }

  entries(): Iterable<readonly [string, T]> {
    return this.#entries;
  }
}
