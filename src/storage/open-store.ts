import type { KeyValueStore } from "../outcome/key-value-store.ts";
import { createMemoryStore } from "./memory-store.ts";
import { createSqliteStore } from "./sqlite-store.ts";
import type { StoreObserver } from "./store-fault.ts";

/** The store that `--storage.path` asks for: a file in that folder, or memory alone where it is empty. */
export function openStore(path: string, observer: StoreObserver): KeyValueStore {
  return path === "" ? createMemoryStore() : createSqliteStore({ directory: path, now: () => Date.now(), observer });
}
