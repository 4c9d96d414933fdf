import type { Kept, KeyValueNamespace, KeyValueStore } from "../outcome/key-value-store.ts";
import { BoundedMap } from "./bounded-map.ts";

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
    deafMilliseconds: () => 0,
    [Symbol.dispose]: () => namespaces.clear(),
  };
}

function createNamespace(): KeyValueNamespace {
  const entries = new BoundedMap<Kept>();
  return {
    get: async (key) => entries.get(key),
    getMany: async (keys) => keys.map((key) => entries.get(key)),
    async update(key, change) {
      entries.set(key, change(entries.get(key)));
      return true;
    },
  };
}
