import type { KeyValueStore } from "../outcome/key-value-store.ts";
import { openSqliteReader } from "./open-sqlite-reader.ts";
import { openStore } from "./open-store.ts";
import type { StoragePlace } from "./storage-place.ts";
import type { StoreObserver } from "./store-fault.ts";

/** The store of an exporter that may be running, for who only reads it; throws an `Error` for a person. */
export function openStoreToRead(place: StoragePlace, observer: StoreObserver): KeyValueStore {
  if (place.kind === "file") return openSqliteReader(place.directory);
  if (place.kind !== "memory") return openStore(place, observer);
  throw new Error("Cannot read what the exporter keeps in its memory; give --storage.path as the exporter has it");
}
