/** One thing that was kept: plain data that JSON can hold, and the Unix milliseconds at which it was put there. */
export interface Kept {
  readonly value: unknown;
  readonly keptAt: number;
}

/** One kind of thing that is kept, e.g. the look-ups of domains. Nothing here rejects, and nothing takes long. */
export interface KeyValueNamespace {
  /**
   * What was last put under the key, by whichever exporter has the same store; undefined where there is nothing or where
   * it cannot be read. While it stays the same it is the same object, so what was made of it may be kept beside it.
   */
  get(key: string): Promise<Kept | undefined>;
  /** The same for many keys at once, in their order. */
  getMany(keys: readonly string[]): Promise<readonly (Kept | undefined)[]>;
  /**
   * Replaces what is there by what `change` makes of it, with no other change in between; `change` is asked again where
   * there was one. Yields whether it is kept as it was asked to be: what cannot be kept stays in memory, and is the
   * store's fault to tell, not the caller's.
   */
  update(key: string, change: (before: Kept | undefined) => Kept): Promise<boolean>;
}

/** Where things stay that must outlive a probe, and if possible the process. */
export interface KeyValueStore extends Disposable {
  namespace(name: string): KeyValueNamespace;
  /**
   * For how long in all, in milliseconds, other exporters could not be heard of through this store, or could keep nothing
   * in it. Always 0 where there are no others.
   */
  deafMilliseconds(): number;
}
