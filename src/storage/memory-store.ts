import type { Kept, KeyValueNamespace, KeyValueStore } from "../outcome/key-value-store.ts";

/** A store that lasts as long as the process; no database, no file. */
export function createMemoryStore(): KeyValueStore {
  const namespaces = new Map<string, KeyValueNamespace>();
  return {
    namespace(name) {
      const known = namespaces.get(name);
      if (known !== undefined) return known;
      const made = createNamespace();
      namespaces.set(name, made);
      return made;
    },
    [Symbol.dispose]: () => namespaces.clear(),
  };
}

/** Whoever asks chooses the keys: this is far more than anyone probes, and a few dozen megabytes. */
const MOST_KEYS = 50_000;

function createNamespace(): KeyValueNamespace {
  const entries = new Map<string, Kept>();
  return {
    get: (key) => entries.get(key),
    put(key, kept) {
      entries.delete(key);
      entries.set(key, kept);
      const [oldest] = entries.keys();
      if (entries.size > MOST_KEYS && oldest !== undefined) entries.delete(oldest);
      return true;
    },
    remove: (key) => void entries.delete(key),
  };
}
