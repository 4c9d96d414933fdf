/**
 * `corrupt`: the file was not a database, or a damaged one; it was set aside and a new one begun. `unavailable`: nothing
 * can be kept for now (read-only, full, no permission, or a server that is away or refuses); what is known stays in memory.
 */
export type StoreFault = "corrupt" | "unavailable";

/** Told when the state of the store changes, not each time that it shows. */
export interface StoreObserver {
  onFault(kind: StoreFault, detail: string): void;
  /** The store can be used again. */
  onRecovery(): void;
}
