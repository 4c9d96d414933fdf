/** One thing that was kept: plain data that JSON can hold, and the Unix milliseconds at which it was put there. */
export interface Kept {
  readonly value: unknown;
  readonly keptAt: number;
}

/** One kind of thing that is kept, e.g. the look-ups of domains. */
export interface KeyValueNamespace {
  /** What was last put under the key; undefined where there is nothing or where it cannot be read. */
  get(key: string): Kept | undefined;
  /**
   * Replaces what was there; yields whether it is kept as it was asked to be. Never throws: what cannot be kept stays in
   * memory, and is the store's fault to tell, not the caller's.
   */
  put(key: string, kept: Kept): boolean;
  remove(key: string): void;
}

/** Where things stay that must outlive a probe, and if possible the process. */
export interface KeyValueStore extends Disposable {
  namespace(name: string): KeyValueNamespace;
}
