import type { RedisAddress } from "./redis-address.ts";

/** Where the store is. Plain data, for threads are told as well; its password is not for the log. */
export type StoragePlace =
  /** Nowhere: it lasts as long as the process. */
  | { readonly kind: "memory" }
  /** A SQLite file in this folder. */
  | { readonly kind: "file"; readonly directory: string }
  /** A Redis server, which other exporters may share. */
  | { readonly kind: "redis"; readonly address: RedisAddress };
