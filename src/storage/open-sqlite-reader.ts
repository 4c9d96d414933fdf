import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { KeyValueStore } from "../outcome/key-value-store.ts";
import { readKept } from "./read-kept.ts";
import { STORE_FILE } from "./sqlite-store.ts";

/** A running exporter writes for a moment only; whoever reads at a terminal can wait for that. */
const BUSY_MILLISECONDS = 2_000;

/**
 * What an exporter keeps in a folder, to read beside it: nothing is changed, made or set aside, and what is put in is not
 * kept. Throws an `Error` for a person where there is no such file, or none that can be read.
 */
export function openSqliteReader(directory: string): KeyValueStore {
  const database = openToRead(join(directory, STORE_FILE));
  const statement = database.prepare("SELECT value, kept_at FROM kept WHERE namespace = ? AND key = ?");
  return {
    namespace(name) {
      const read = (key: string): ReturnType<typeof readKept> => readKept(statement.get(name, key));
      return {
        get: async (key) => read(key),
        getMany: async (keys) => keys.map(read),
        update: () => Promise.resolve(false),
      };
    },
    deafMilliseconds: () => 0,
    [Symbol.dispose]: () => database.close(),
  };
}

function openToRead(path: string): DatabaseSync {
  try {
    const database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_MILLISECONDS });
    try {
      database.prepare("SELECT 1 FROM kept LIMIT 1").get();
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `Cannot read what the exporter keeps in ${JSON.stringify(path)}: ${reason}; give --storage.path as the exporter has it`;
    throw new Error(message, { cause: error });
  }
}
