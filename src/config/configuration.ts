import type { Module } from "../probe/prober.ts";
import type { YamlValue } from "./yaml-value.ts";

/** The configuration as it runs. */
export interface Configuration {
  readonly modules: ReadonlyMap<string, Module>;
  /** What is accepted but probably not meant; one sentence each, with the path. */
  readonly warnings: readonly string[];
  /** The file as it was written, with `<secret>` in place of every secret. */
  readonly concealed: YamlValue;
}

/** A configuration that cannot be used: one sentence for everything that is wrong, never with a secret in it. */
export interface Problems {
  readonly problems: readonly string[];
}
