import { existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Kept, KeyValueNamespace, KeyValueStore } from "../outcome/key-value-store.ts";
import { BoundedMap } from "./bounded-map.ts";
import { readKept } from "./read-kept.ts";
import type { StoreObserver } from "./store-fault.ts";

export interface SqliteStoreOptions {
  /** The folder of the file; made when first needed. */
  readonly directory: string;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly observer: StoreObserver;
}

/** The name of the database's file in the folder of `--storage.path`. */
export const STORE_FILE = "status-exporter.db";

/**
 * A store in one SQLite file, opened when first used. Whatever is wrong with the file, the store works on: everything
 * is in memory as well, and a damaged file is renamed and begun anew.
 */
export function createSqliteStore(options: SqliteStoreOptions): KeyValueStore {
  const file = new StoreFile(options);
  const namespaces = new Map<string, KeyValueNamespace>();
  return {
    namespace(name) {
      const known = namespaces.get(name);
      if (known !== undefined) return known;
      const made = createNamespace(name, file);
      namespaces.set(name, made);
      return made;
    },
    // Whoever else has the file writes other namespaces.
    deafMilliseconds: () => 0,
    [Symbol.dispose]: () => file.close(),
  };
}

function createNamespace(name: string, file: StoreFile): KeyValueNamespace {
  const memory = new BoundedMap<Kept>();
  return {
    get: async (key) => read(key),
    getMany: async (keys) => keys.map(read),
    async update(key, change) {
      const kept = change(read(key));
      memory.set(key, kept);
      return file.put([name, key, JSON.stringify(kept.value), kept.keptAt]);
    },
  };

  function read(key: string): Kept | undefined {
    const known = memory.get(key);
    if (known !== undefined) return known;
    const kept = file.use(({ statements }) => readKept(statements.get.get(name, key)), undefined);
    if (kept !== undefined) memory.set(key, kept);
    return kept;
  }
}

interface Statements {
  readonly get: StatementSync;
  readonly put: StatementSync;
}

interface OpenFile {
  readonly database: DatabaseSync;
  readonly statements: Statements;
}

/** Namespace, key, value as JSON, Unix milliseconds. */
type Row = readonly [name: string, key: string, json: string, keptAt: number];

/** A store that could not be opened is tried again after so long: each try costs a system call or two. */
const RETRY_MILLISECONDS = 60_000;

/** What nobody has asked for and renewed for so long belongs to targets that are gone. */
const KEPT_MILLISECONDS = 180 * 24 * 3600 * 1000;

/** The one owner of the database: opens it, sets it aside where it is damaged, and says so once. */
class StoreFile {
  readonly #options: SqliteStoreOptions;
  #open: OpenFile | undefined = undefined;
  #isWorking = true;
  #triedAt = Number.NEGATIVE_INFINITY;
  #isClosed = false;
  /** What is to be written in this turn of the event loop. */
  #rows: Row[] = [];
  #written: Promise<boolean> | undefined = undefined;

  constructor(options: SqliteStoreOptions) {
    this.#options = options;
  }

  /** Whether the row is on the disk. Rows of one turn go there together: each time, everything waits for the disk. */
  put(row: Row): Promise<boolean> {
    this.#rows.push(row);
    this.#written ??= nextTurn().then(() => this.#write());
    return this.#written;
  }

  /** What `work` yields; `otherwise` where the file cannot be used now. */
  use<T>(work: (open: OpenFile) => T, otherwise: T): T {
    try {
      const open = this.#opened();
      if (open === undefined) return otherwise;
      const result = work(open);
      this.#recover();
      return result;
    } catch (error) {
      this.#fail(error);
      return otherwise;
    }
  }

  close(): void {
    this.#write();
    this.#isClosed = true;
    this.#open?.database.close();
    this.#open = undefined;
  }

  #write(): boolean {
    const rows = this.#rows;
    this.#rows = [];
    this.#written = undefined;
    if (rows.length === 0) return false;
    return this.use((open) => {
      inTransaction(open.database, () => rows.forEach((row) => open.statements.put.run(...row)));
      return true;
    }, false);
  }

  #opened(): OpenFile | undefined {
    if (this.#open !== undefined || this.#isClosed) return this.#open;
    const { directory, now } = this.#options;
    if (now() - this.#triedAt < RETRY_MILLISECONDS) return undefined;
    this.#triedAt = now();
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.#open = this.#openSound(join(directory, STORE_FILE));
    return this.#open;
  }

  #openSound(path: string): OpenFile {
    try {
      return openFile(path, this.#options.now());
    } catch (error) {
      if (!isCorrupt(error)) throw error;
      this.#setAside(path, error);
      return openFile(path, this.#options.now());
    }
  }

  #fail(error: unknown): void {
    if (isCorrupt(error) && this.#open !== undefined) {
      this.#open.database.close();
      this.#open = undefined;
      this.#triedAt = Number.NEGATIVE_INFINITY;
      this.#setAside(join(this.#options.directory, STORE_FILE), error);
      return;
    }
    if (this.#isWorking) this.#options.observer.onFault("unavailable", messageOf(error));
    this.#isWorking = false;
  }

  #recover(): void {
    if (!this.#isWorking) this.#options.observer.onRecovery();
    this.#isWorking = true;
  }

  #setAside(path: string, error: unknown): void {
    const aside = `${path}.corrupt-${this.#options.now()}`;
    for (const suffix of ["", "-wal", "-shm"]) {
      if (existsSync(`${path}${suffix}`)) renameSync(`${path}${suffix}`, `${aside}${suffix}`);
    }
    this.#options.observer.onFault("corrupt", `${messageOf(error)}; set aside as ${aside}`);
  }
}

function inTransaction(database: DatabaseSync, work: () => void): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    work();
    database.exec("COMMIT");
  } catch (error) {
    // After some errors, a full disk for one, SQLite has done so itself.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

/** Another process may write at the same time (a terminal, a replica that takes over); probes wait no longer. */
const BUSY_MILLISECONDS = 250;

function openFile(path: string, now: number): OpenFile {
  const database = new DatabaseSync(path, { timeout: BUSY_MILLISECONDS });
  try {
    // With WAL readers and the writer do not block each other. FULL has every write on the disk before it is called kept,
    // also at a power cut; that costs a tenth of a millisecond, or as long as the disk takes to confirm.
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    database.exec(
      "CREATE TABLE IF NOT EXISTS kept (namespace TEXT, key TEXT, value TEXT NOT NULL, kept_at INTEGER NOT NULL, PRIMARY KEY (namespace, key)) STRICT, WITHOUT ROWID",
    );
    database.prepare("DELETE FROM kept WHERE kept_at < ?").run(now - KEPT_MILLISECONDS);
    return { database, statements: prepare(database) };
  } catch (error) {
    database.close();
    throw error;
  }
}

function prepare(database: DatabaseSync): Statements {
  return {
    get: database.prepare("SELECT value, kept_at FROM kept WHERE namespace = ? AND key = ?"),
    put: database.prepare("INSERT OR REPLACE INTO kept (namespace, key, value, kept_at) VALUES (?, ?, ?, ?)"),
  };
}

/** SQLITE_CORRUPT and SQLITE_NOTADB, also with the bits of their extended codes (https://sqlite.org/rescode.html). */
const CORRUPT_CODES: ReadonlySet<number> = new Set([11, 26]);

function isCorrupt(error: unknown): boolean {
  return (
    error instanceof Error &&
    "errcode" in error &&
    typeof error.errcode === "number" &&
    CORRUPT_CODES.has(error.errcode & 0xff)
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Resolves when what came in during this turn of the event loop has been dealt with. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
