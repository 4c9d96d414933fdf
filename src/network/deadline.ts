import { setTimeout as wait } from "node:timers/promises";

/** The end of a probe's (or of one step's) time. Dispose it when the work is over: timer and listener go with it. */
export interface Deadline extends Disposable {
  /** Aborts when the time is up (reason: a `TimeoutError`) or when the outer signal aborts (reason: that signal's). */
  readonly signal: AbortSignal;
  /** Whether the time was up first. */
  readonly expired: boolean;
  /** Whether the outer signal aborted first: nobody waits for the work any more. */
  readonly cancelled: boolean;
}

/** Starts the clock; no time at all (0, less, or not a number) has already expired. */
export function startDeadline(options: {
  readonly seconds: number;
  readonly signal?: AbortSignal | undefined;
}): Deadline {
  return new RunningDeadline(options.seconds, options.signal);
}

/** Resolves after so many seconds; rejects with an `AbortError` when the signal aborts first. */
export async function sleep(seconds: number, signal: AbortSignal): Promise<void> {
  await wait(toMilliseconds(seconds), undefined, { signal });
}

/**
 * Calls back once after so many seconds, unless disposed of first. For those who wait by the thousand, for a deadline's
 * signal costs more than the rest of their work. One that is `idle` does not keep the process from ending.
 */
export function startAlarm(options: {
  readonly seconds: number;
  readonly onTime: () => void;
  readonly purpose: "work" | "idle";
}): Disposable {
  const timer = setTimeout(options.onTime, toMilliseconds(options.seconds));
  if (options.purpose === "idle") timer.unref();
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}

class RunningDeadline implements Deadline {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  #end: "expired" | "cancelled" | undefined;

  constructor(seconds: number, outer: AbortSignal | undefined) {
    this.#outer = outer;
    if (outer?.aborted === true) {
      this.#cancel();
    } else if (!(seconds > 0)) {
      this.#expire(seconds);
    } else {
      outer?.addEventListener("abort", this.#cancel, { once: true });
      this.#timer = setTimeout(() => this.#expire(seconds), toMilliseconds(seconds));
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get expired(): boolean {
    return this.#end === "expired";
  }

  get cancelled(): boolean {
    return this.#end === "cancelled";
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener("abort", this.#cancel);
  }

  #expire(seconds: number): void {
    this.#finish("expired", new DOMException(`The ${seconds} s given have passed`, "TimeoutError"));
  }

  readonly #cancel = (): void => {
    this.#finish("cancelled", this.#outer?.reason);
  };

  #finish(end: "expired" | "cancelled", reason: unknown): void {
    this.#end = end;
    this[Symbol.dispose]();
    this.#controller.abort(reason);
  }
}

/** The longest delay that timers know (2^31 - 1 ms, 24.8 days); beyond it they would fire at once. */
const LONGEST_DELAY_MILLISECONDS = 2_147_483_647;

function toMilliseconds(seconds: number): number {
  return Math.min(seconds * 1000, LONGEST_DELAY_MILLISECONDS);
}
