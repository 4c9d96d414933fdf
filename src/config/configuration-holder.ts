import { createHash } from "node:crypto";
import type { Configuration, Problems } from "./configuration.ts";

export interface ConfigurationSource {
  /** The file's text as it is now. */
  readonly read: () => Promise<string>;
  readonly parse: (text: string) => Configuration | Problems;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Ends after so many seconds; may reject when the signal aborts. */
  readonly sleep: (seconds: number, signal: AbortSignal) => Promise<void>;
}

/** How a load went: whether what runs was replaced, or why it was not. */
export type LoadResult = { readonly kind: "changed" | "unchanged" } | ({ readonly kind: "refused" } & Problems);

/** A configuration with the text that it was read from, for runners in other threads. */
export interface HeldConfiguration {
  readonly text: string;
  readonly configuration: Configuration;
}

/** Holds the running configuration. A file that cannot be used leaves it in place. */
export class ConfigurationHolder {
  readonly #source: ConfigurationSource;
  readonly #subscribers = new Set<(held: HeldConfiguration) => void>();
  #held: (HeldConfiguration & { readonly digest: string }) | undefined;
  #refusedDigest: string | undefined;
  #lastReload: { readonly successful: boolean; readonly succeededAt: number | undefined } = {
    successful: false,
    succeededAt: undefined,
  };
  #queue: Promise<unknown> = Promise.resolve();

  constructor(source: ConfigurationSource) {
    this.#source = source;
  }

  /** What runs; throws before the first successful `load`. */
  get current(): HeldConfiguration {
    if (this.#held === undefined) throw new Error("The configuration is used before it was loaded");
    return this.#held;
  }

  /** Whether the last load went well, and the Unix seconds at which one last did (undefined: never). */
  get lastReload(): { readonly successful: boolean; readonly succeededAt: number | undefined } {
    return this.#lastReload;
  }

  /** Tells of every configuration that replaces the running one; ends when the returned function is called. */
  subscribe(subscriber: (held: HeldConfiguration) => void): () => void {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }

  /** Reads the file and puts it into force where it differs and is valid. Never rejects; one load at a time. */
  load(): Promise<LoadResult> {
    return this.#inTurn(() => this.#load("always"));
  }

  /**
   * Looks at the file every so many seconds until the signal aborts, and tells of every change. A file that was
   * refused is not read again until it changes, so that one mistake is reported once.
   */
  async watch(options: {
    readonly intervalSeconds: number;
    readonly signal: AbortSignal;
    readonly onResult: (result: LoadResult) => void;
  }): Promise<void> {
    while (await this.#waited(options)) {
      const result = await this.#inTurn(() => this.#load("unless-refused"));
      if (result.kind !== "unchanged") options.onResult(result);
    }
  }

  /** Whether the time passed; false where the signal ended it. */
  async #waited(options: { readonly intervalSeconds: number; readonly signal: AbortSignal }): Promise<boolean> {
    try {
      await this.#source.sleep(options.intervalSeconds, options.signal);
    } catch (error) {
      if (!options.signal.aborted) throw error;
    }
    return !options.signal.aborted;
  }

  #inTurn(load: () => Promise<LoadResult>): Promise<LoadResult> {
    const turn = this.#queue.then(load);
    // Whoever asked hears of a defect through `turn`; the next in line must get its turn all the same.
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #load(mode: "always" | "unless-refused"): Promise<LoadResult> {
    let text: string;
    try {
      text = await this.#source.read();
    } catch (error) {
      // A file that is missing is news once, like one that is wrong.
      const reason = `Cannot read the configuration file: ${error instanceof Error ? error.message : String(error)}`;
      return this.#refuse([reason], { digest: reason, mode });
    }
    const digest = createHash("sha256").update(text).digest("hex");
    if (digest === this.#held?.digest) return this.#succeed("unchanged");
    if (mode === "unless-refused" && digest === this.#refusedDigest) return { kind: "unchanged" };
    const parsed = this.#source.parse(text);
    if ("problems" in parsed) return this.#refuse(parsed.problems, { digest, mode });
    this.#held = { text, digest, configuration: parsed };
    for (const subscriber of this.#subscribers) subscriber(this.#held);
    return this.#succeed("changed");
  }

  #refuse(
    problems: readonly string[],
    { digest, mode }: { readonly digest: string; readonly mode: "always" | "unless-refused" },
  ): LoadResult {
    const known = digest === this.#refusedDigest;
    this.#refusedDigest = digest;
    this.#lastReload = { ...this.#lastReload, successful: false };
    return mode === "unless-refused" && known ? { kind: "unchanged" } : { kind: "refused", problems };
  }

  #succeed(kind: "changed" | "unchanged"): LoadResult {
    this.#refusedDigest = undefined;
    this.#lastReload = { successful: true, succeededAt: this.#source.now() / 1000 };
    return { kind };
  }
}
