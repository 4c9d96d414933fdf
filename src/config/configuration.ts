import type { Module } from "../probe/prober.ts";

/** The configuration as it runs. */
export interface Configuration {
  readonly modules: ReadonlyMap<string, Module>;
  /** What is accepted but probably not meant; one sentence each, with the path. */
  readonly warnings: readonly string[];
  /** The file as YAML, as it was written but with `<secret>` in place of every secret. */
  text(): string;
  /** The same of one module, without its name; undefined where there is none of that name. */
  moduleText(name: string): string | undefined;
}

/** A configuration that cannot be used: one sentence for everything that is wrong, never with a secret in it. */
export interface Problems {
  readonly problems: readonly string[];
}
