import { createHash } from "node:crypto";
import type { Kept, KeyValueNamespace, KeyValueStore } from "../outcome/key-value-store.ts";
import { BoundedMap } from "./bounded-map.ts";
import { parseJson } from "./parse-json.ts";
import type { RedisAddress } from "./redis-address.ts";
import { type RedisCheck, RedisConnection } from "./redis-connection.ts";
import type { StoreObserver } from "./store-fault.ts";

export interface RedisStoreOptions {
  readonly address: RedisAddress;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly observer: StoreObserver;
}

/** Before every key, so that the server may serve others as well. */
const PREFIX = "status-exporter";

/** Where it is tried whether the server can be written to. */
const CHECK_KEY = `${PREFIX}:check`;
const CHECK_LASTS_MILLISECONDS = "60000";

/** What nobody has renewed for so long belongs to targets that are gone: 180 days. */
const EXPIRY_MILLISECONDS = String(180 * 24 * 3600 * 1000);

/**
 * Sets a key if what is there is still what was there before, by its SHA-1 (empty: nothing, `*`: whatever it is). Yields 1
 * and the SHA-1 of what was set, or 0 and what is there. Nothing happens between the steps of a script.
 */
const REPLACE = `
local there = redis.call('GET', KEYS[1])
if ARGV[1] ~= '*' and (there and redis.sha1hex(there) or '') ~= ARGV[1] then return {0, there or ''} end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return {1, redis.sha1hex(ARGV[2])}`;

/**
 * A store in a Redis server, for several exporters. What is there is asked for each time, for another may have changed
 * it. While the server is away memory answers instead; what could not be written is written when it is back, unless
 * something newer is there. The same mends a server that came back without what it had.
 */
export function createRedisStore(options: RedisStoreOptions): KeyValueStore {
  const namespaces = new Map<string, RedisNamespace>();
  const connection = new RedisConnection({
    ...options,
    check: CHECKS,
    onUsable: () => void mendAll(namespaces.values()),
  });
  return {
    namespace(name) {
      const known = namespaces.get(name);
      if (known !== undefined) return known;
      const made = new RedisNamespace(name, connection);
      namespaces.set(name, made);
      return made;
    },
    deafMilliseconds: () => connection.deafMilliseconds(),
    [Symbol.dispose]: () => connection.close(),
  };
}

async function mendAll(namespaces: Iterable<RedisNamespace>): Promise<void> {
  for (const namespace of namespaces) await namespace.mend();
}

interface Entry {
  readonly kept: Kept;
  /** The SHA-1 of what the server has under the key as far as is known; empty where it has nothing. */
  readonly there: string;
  readonly isSaved: boolean;
}

/** One command for so many keys: others wait while the server works on it. */
const KEYS_AT_ONCE = 200;

/** Each time somebody else was faster; two exporters that a server reports to do not meet twice in a row. */
const MOST_ATTEMPTS = 5;

class RedisNamespace implements KeyValueNamespace {
  readonly #name: string;
  readonly #connection: RedisConnection;
  readonly #memory = new BoundedMap<Entry>();
  #isSaving = false;

  constructor(name: string, connection: RedisConnection) {
    this.#name = name;
    this.#connection = connection;
  }

  async get(key: string): Promise<Kept | undefined> {
    const [kept] = await this.#read([key]);
    return kept;
  }

  async getMany(keys: readonly string[]): Promise<readonly (Kept | undefined)[]> {
    return (await Promise.all(inParts(keys).map((part) => this.#read(part)))).flat();
  }

  async update(key: string, change: (before: Kept | undefined) => Kept): Promise<boolean> {
    const known = this.#memory.get(key);
    let attempt: Attempt = { expected: known?.there ?? "", kept: after(known?.kept, change(known?.kept)) };
    for (let attempts = 1; attempts <= MOST_ATTEMPTS; attempts += 1) {
      const { expected, kept } = attempt;
      const text = JSON.stringify(kept);
      const command = replace({ name: this.#nameOf(key), expected, text, lasts: EXPIRY_MILLISECONDS });
      const result = readReplaced((await this.#connection.ask(command))?.reply);
      const there = digestOf(text);
      if (result?.set === there) {
        this.#memory.set(key, { kept, there, isSaved: true });
        return true;
      }
      if (result?.there === undefined) break;
      const before = this.#reconcile(key, result.there);
      attempt = { expected: digestOf(result.there), kept: after(before, change(before)) };
    }
    this.#memory.set(key, { kept: attempt.kept, there: attempt.expected, isSaved: false });
    return false;
  }

  /** Compares all that is in memory with what the server has after it was away, and writes what it lacks. */
  async mend(): Promise<void> {
    const keys = Array.from(this.#memory.entries(), ([key]) => key);
    for (const part of inParts(keys)) await this.#read(part);
    await this.#save();
  }

  /** Writes what the server lacks, as long as it lets itself be written. */
  async #save(): Promise<void> {
    if (this.#isSaving) return;
    this.#isSaving = true;
    // More may turn up while it is at work.
    for (let unsaved = this.#unsaved(); unsaved.length > 0; unsaved = this.#unsaved()) {
      if (!(await this.#saveEach(unsaved))) break;
    }
    this.#isSaving = false;
  }

  async #saveEach(entries: readonly (readonly [string, Entry])[]): Promise<boolean> {
    for (const [key, { kept }] of entries) if (!(await this.update(key, (before) => before ?? kept))) return false;
    return true;
  }

  #unsaved(): readonly (readonly [string, Entry])[] {
    return Array.from(this.#memory.entries()).filter(([, { isSaved }]) => !isSaved);
  }

  async #read(keys: readonly string[]): Promise<readonly (Kept | undefined)[]> {
    const answer = await this.#connection.ask(["MGET", ...keys.map((key) => this.#nameOf(key))]);
    const texts = readTexts(answer?.reply);
    return keys.map((key, index) => {
      const text = texts[index];
      if (text === undefined) return this.#memory.get(key)?.kept;
      return this.#reconcile(key, text);
    });
  }

  /** The newer of what the server has (empty: nothing) and what is in memory. */
  #reconcile(key: string, text: string): Kept | undefined {
    const known = this.#memory.get(key);
    const there = digestOf(text);
    if (known?.there === there) return known.kept;
    const theirs = readKept(text);
    if (known !== undefined && known.kept.keptAt > (theirs?.keptAt ?? Number.NEGATIVE_INFINITY)) {
      this.#memory.set(key, { kept: known.kept, there, isSaved: false });
      void this.#save();
      return known.kept;
    }
    if (theirs !== undefined) this.#memory.set(key, { kept: theirs, there, isSaved: true });
    return theirs;
  }

  #nameOf(key: string): string {
    return `${PREFIX}:${this.#name}:${key}`;
  }
}

function inParts(keys: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(keys.length / KEYS_AT_ONCE) }, (_, index) =>
    keys.slice(index * KEYS_AT_ONCE, (index + 1) * KEYS_AT_ONCE),
  );
}

/** What is to be set in the place of what, by its SHA-1. */
interface Attempt {
  readonly expected: string;
  readonly kept: Kept;
}

/** So that of two changes the later one has the later time, however the clocks of two exporters differ. */
function after(before: Kept | undefined, kept: Kept): Kept {
  if (before === undefined || kept === before || kept.keptAt > before.keptAt) return kept;
  return { ...kept, keptAt: before.keptAt + 1 };
}

function replace(what: {
  readonly name: string;
  readonly expected: string;
  readonly text: string;
  readonly lasts: string;
}): readonly string[] {
  return ["EVAL", REPLACE, "1", what.name, what.expected, what.text, what.lasts];
}

/** What the script answers: the SHA-1 of what was set, or what is there instead; undefined for any other answer. */
function readReplaced(reply: unknown): { readonly set?: string; readonly there?: string } | undefined {
  const [isSet, text]: readonly unknown[] = Array.isArray(reply) ? reply : [];
  if (typeof text !== "string") return undefined;
  return isSet === 1 ? { set: text } : { there: text };
}

/** The values of several keys, empty for none; nothing at all for an answer that is none. */
function readTexts(reply: unknown): readonly string[] {
  return Array.isArray(reply) ? reply.map((text) => (typeof text === "string" ? text : "")) : [];
}

/** Reading and writing, each as it is needed later. */
const CHECKS: readonly RedisCheck[] = [
  { command: ["MGET", CHECK_KEY], isRight: (reply) => readTexts(reply).length === 1 },
  {
    command: replace({ name: CHECK_KEY, expected: "*", text: "checked", lasts: CHECK_LASTS_MILLISECONDS }),
    isRight: (reply) => readReplaced(reply)?.set === digestOf("checked"),
  },
];

function digestOf(text: string): string {
  return text === "" ? "" : createHash("sha1").update(text).digest("hex");
}

/** A value as it was put; what is in no such form was not written by this store and counts as absent. */
function readKept(text: string): Kept | undefined {
  const read = parseJson(text);
  const isKept = typeof read === "object" && read !== null && "value" in read && "keptAt" in read;
  return isKept && typeof read.keptAt === "number" ? { value: read.value, keptAt: read.keptAt } : undefined;
}
