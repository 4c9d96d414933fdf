import { isSuccess } from "../outcome/outcome.ts";
import type { Report } from "../outcome/report.ts";
import type { ConfigurationView } from "./configuration-view.ts";

/** A probe as remembered, with the configuration that it ran with, so that it can be shown as it was. */
export interface HistoryEntry {
  /** Counts from 0, in the order in which probes ended. */
  readonly id: number;
  readonly report: Report;
  readonly configuration: ConfigurationView;
}

/**
 * The newest results, and beside them the newest failures that newer successes pushed out: up to `limit` of each, so
 * that a rare failure outlives the successes after it. Nothing is rendered until somebody looks.
 */
export class History {
  readonly #recent: Ring;
  readonly #failures: Ring;
  #nextId = 0;

  constructor(limit: number) {
    this.#recent = new Ring(limit);
    this.#failures = new Ring(limit);
  }

  add(report: Report, configuration: ConfigurationView): void {
    const dropped = this.#recent.push({ id: this.#nextId++, report, configuration });
    if (dropped !== undefined && isFailure(dropped.report)) this.#failures.push(dropped);
  }

  /** Newest first. */
  entries(): readonly HistoryEntry[] {
    return [...this.#failures.entries(), ...this.#recent.entries()].toReversed();
  }

  byId(id: number): HistoryEntry | undefined {
    return this.entries().find((entry) => entry.id === id);
  }

  /** The newest probe of a target as it stands in reports; of one module only where that is given. */
  newest({
    target,
    module,
  }: {
    readonly target: string;
    readonly module: string | undefined;
  }): HistoryEntry | undefined {
    return this.entries().find(
      ({ report }) => report.target === target && (module === undefined || report.module === module),
    );
  }
}

/** A probe that nobody waited for says nothing about its target, so it is not kept as a failure. */
function isFailure({ outcome, cancelled }: Report): boolean {
  return !isSuccess(outcome) && !cancelled;
}

/** The last so many entries, oldest first. */
class Ring {
  readonly #limit: number;
  readonly #entries: HistoryEntry[] = [];
  #oldest = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Adds an entry and yields the one that had to go, which is the entry itself where nothing is kept. */
  push(entry: HistoryEntry): HistoryEntry | undefined {
    if (this.#limit <= 0) return entry;
    if (this.#entries.length < this.#limit) {
      this.#entries.push(entry);
      return undefined;
    }
    const dropped = this.#entries[this.#oldest];
    this.#entries[this.#oldest] = entry;
    this.#oldest = (this.#oldest + 1) % this.#limit;
    return dropped;
  }

  entries(): readonly HistoryEntry[] {
    return [...this.#entries.slice(this.#oldest), ...this.#entries.slice(0, this.#oldest)];
  }
}
