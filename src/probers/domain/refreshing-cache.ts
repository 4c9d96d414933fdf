import { z } from "zod";
import { classify } from "../../network/classify.ts";
import type { Kept, KeyValueNamespace } from "../../outcome/key-value-store.ts";
import type { Failure } from "../../outcome/outcome.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import type { ServiceClock } from "../../probe/services.ts";
import { Paused } from "./registry-queue.ts";

/** Why the last look-up failed. Times in Unix milliseconds. */
export interface LookUpFailure {
  readonly outcome: Failure;
  readonly detail: string;
  readonly retryAt: number;
  /** How many have failed in a row. */
  readonly count: number;
}

/** What is known under a key: an answer, a failure since, both or neither. */
export interface Known<T> {
  readonly answer: { readonly value: T; readonly answeredAt: number; readonly refreshAt: number } | undefined;
  readonly failure: LookUpFailure | undefined;
}

/** How one key is looked up. */
export interface LookUp<T> {
  readonly work: (known: Known<T>) => Promise<T>;
  /** Seconds until the answer is to be renewed, before jitter; `before` (Unix milliseconds) if that comes first. */
  readonly freshFor: (value: T) => { readonly seconds: number; readonly before?: number | undefined };
}

const FIRST_RETRY_SECONDS = 15 * 60;
const LAST_RETRY_SECONDS = 24 * 3600;

/** A fault of this host says nothing about the registry, which was not asked. */
const LOCAL_RETRY_SECONDS = 60;

/** A tenth either way, so that what was first asked together is not asked together for ever. */
const JITTER = 0.1;

/** Whoever asks chooses the keys: ten times what anyone was seen to watch. */
const MOST_KEYS = 20_000;

/** What is known and what a probe may wait for: `settled` resolves when no look-up is under way, and never rejects. */
export interface Asked<T> {
  readonly known: () => Known<T>;
  readonly settled: Promise<void>;
}

interface Entry<T> {
  known: Known<T>;
  /** What `known` was read from. */
  kept: Kept | undefined;
  running: Promise<void> | undefined;
}

/**
 * Answers that are slow to get: kept, renewed in the background when somebody asks and they are due, each by one
 * look-up at a time. Failures are kept as well and retried ever more rarely; the last answer stays beside them.
 */
export class RefreshingCache<T> {
  readonly #clock: ServiceClock;
  readonly #store: KeyValueNamespace;
  readonly #schema: z.ZodType<Known<T>>;
  readonly #entries = new Map<string, Entry<T>>();
  #running = 0;

  constructor(parts: {
    readonly clock: ServiceClock;
    readonly store: KeyValueNamespace;
    readonly value: z.ZodType<T>;
  }) {
    this.#clock = parts.clock;
    this.#store = parts.store;
    this.#schema = knownSchema(parts.value);
  }

  /** How many look-ups are under way, waiting in a queue or asking. */
  get running(): number {
    return this.#running;
  }

  /** What is known now, here or by others who share the store; starts a look-up where one is due. */
  async ask(key: string, lookUp: LookUp<T>): Promise<Asked<T>> {
    const entry = this.#entryOf(key, await this.#store.get(key));
    if (entry.running === undefined && this.#isDue(entry.known)) entry.running = this.#renew(key, { entry, lookUp });
    return { known: () => entry.known, settled: entry.running ?? SETTLED };
  }

  #isDue({ answer, failure }: Known<T>): boolean {
    const now = this.#clock.now();
    if (failure !== undefined && now < failure.retryAt) return false;
    return answer === undefined || now >= answer.refreshAt || failure !== undefined;
  }

  async #renew(
    key: string,
    { entry, lookUp }: { readonly entry: Entry<T>; readonly lookUp: LookUp<T> },
  ): Promise<void> {
    const before = entry.known;
    this.#running += 1;
    try {
      const value = await lookUp.work(before);
      entry.known = { answer: this.#answer(value, lookUp), failure: undefined };
    } catch (error) {
      entry.known = { answer: before.answer, failure: this.#failure(error, before.failure) };
    }
    await this.#keep(key, { entry, before });
    entry.running = undefined;
    this.#running -= 1;
  }

  /** A failure does not take the place of what somebody else was answered meanwhile. */
  async #keep(key: string, { entry, before }: { readonly entry: Entry<T>; readonly before: Known<T> }): Promise<void> {
    const found = entry.known;
    await this.#store.update(key, (there) => {
      const theirs = this.#read(there);
      const isOvertaken = found.failure !== undefined && timeOf(theirs) > timeOf(before);
      entry.known = isOvertaken ? theirs : found;
      entry.kept = isOvertaken && there !== undefined ? there : { value: found, keptAt: this.#clock.now() };
      return entry.kept;
    });
  }

  #answer(value: T, { freshFor }: LookUp<T>): NonNullable<Known<T>["answer"]> {
    const answeredAt = this.#clock.now();
    const { seconds, before = Number.POSITIVE_INFINITY } = freshFor(value);
    const refreshAt = answeredAt + this.#jittered(seconds) * 1000;
    return { value, answeredAt, refreshAt: before > answeredAt ? Math.min(refreshAt, before) : refreshAt };
  }

  #failure(error: unknown, last: LookUpFailure | undefined): LookUpFailure {
    const { outcome, detail } = registryFailure(error);
    const count = (last?.count ?? 0) + 1;
    const backoff = Math.min(FIRST_RETRY_SECONDS * 2 ** (count - 1), LAST_RETRY_SECONDS);
    const isLocal = outcome.startsWith("local/");
    const seconds = isLocal ? LOCAL_RETRY_SECONDS : Math.max(this.#jittered(backoff), pauseOf(error));
    return { outcome, detail, retryAt: this.#clock.now() + seconds * 1000, count };
  }

  #jittered(seconds: number): number {
    return seconds * (1 - JITTER + 2 * JITTER * this.#clock.random());
  }

  #entryOf(key: string, kept: Kept | undefined): Entry<T> {
    const entry = this.#entries.get(key) ?? this.#added(key);
    // A look-up that is under way says what is known when it ends.
    if (kept !== undefined && kept !== entry.kept && entry.running === undefined) {
      entry.known = this.#read(kept);
      entry.kept = kept;
    }
    return entry;
  }

  #added(key: string): Entry<T> {
    const made: Entry<T> = { known: NOTHING, kept: undefined, running: undefined };
    this.#entries.set(key, made);
    this.#forgetOldest();
    return made;
  }

  #read(kept: Kept | undefined): Known<T> {
    const read = this.#schema.safeParse(kept?.value);
    return read.success ? read.data : NOTHING;
  }

  #forgetOldest(): void {
    if (this.#entries.size <= MOST_KEYS) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}

const NOTHING = { answer: undefined, failure: undefined };
const SETTLED = Promise.resolve();

function timeOf({ answer }: Known<unknown>): number {
  return answer?.answeredAt ?? Number.NEGATIVE_INFINITY;
}

/** An earlier version may have written something else: what does not fit counts as absent. */
function knownSchema<T>(value: z.ZodType<T>): z.ZodType<Known<T>> {
  const answer = z.object({ value, answeredAt: z.number(), refreshAt: z.number() });
  const failure = z.object({
    outcome: z.string().transform(failureOf),
    detail: z.string(),
    retryAt: z.number(),
    count: z.number(),
  });
  return z
    .object({ answer: answer.optional(), failure: failure.optional() })
    .transform((known): Known<T> => ({ answer: known.answer, failure: known.failure }));
}

const KEPT_OUTCOMES = ["registry/unreadable", "local/no-socket", "local/defect"] as const;

function failureOf(written: string): Failure {
  return KEPT_OUTCOMES.find((outcome) => outcome === written) ?? "registry/unavailable";
}

/** Where a step has no word of its own: whatever went wrong on the way to a registry, the registry is unavailable. */
function registryFailure(error: unknown): { readonly outcome: Failure; readonly detail: string } {
  // By the rules of a dialogue, a lack of sockets on this host is told from an answer that does not come.
  const { outcome, detail } = classify("exchange", error);
  if (outcome === "exchange/malformed") return { outcome: "registry/unreadable", detail };
  const isOwn = outcome.startsWith("local/") || outcome.startsWith("registry/");
  return { outcome: isOwn ? outcome : "registry/unavailable", detail };
}

function pauseOf(error: unknown): number {
  return error instanceof Paused ? error.seconds : 0;
}

/** For whoever needs an answer and has only this failure. */
export function asProbeFailure({ outcome, detail }: LookUpFailure): ProbeFailure {
  return new ProbeFailure(outcome, { detail });
}
