import type { KeyValueStore } from "../outcome/key-value-store.ts";
import { createMemoryStore } from "./memory-store.ts";
import { createRedisStore } from "./redis-store.ts";
import { createSqliteStore } from "./sqlite-store.ts";
import type { StoragePlace } from "./storage-place.ts";
import type { StoreObserver } from "./store-fault.ts";

/** The store at the place that the command line names. Nothing is opened before it is used; dispose it at the end. */
export function openStore(place: StoragePlace, observer: StoreObserver): KeyValueStore {
  if (place.kind === "memory") return createMemoryStore();
  if (place.kind === "file") return createSqliteStore({ directory: place.directory, now: Date.now, observer });
  return createRedisStore({ address: place.address, now: Date.now, observer });
}
