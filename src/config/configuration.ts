import type { Module } from "../probe/prober.ts";
import type { ServerSettings } from "../settings/server-settings.ts";
import type { Service } from "./service-schema.ts";

/** The configuration as it runs. */
export interface Configuration {
  readonly modules: ReadonlyMap<string, Module>;
  /** The declared services by name, in the order of the file. */
  readonly services: ReadonlyMap<string, Service>;
  /** The servers that report or are asked, by name. */
  readonly servers: ReadonlyMap<string, ServerSettings>;
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
