/** Where the store is. Plain data, for threads are told as well. */
export type StoragePlace =
  /** Nowhere: it lasts as long as the process. */
  | { readonly kind: "memory" }
  /** A SQLite file in this folder. */
  | { readonly kind: "file"; readonly directory: string };
