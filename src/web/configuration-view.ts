import type { Service } from "../config/service-schema.ts";
import type { Module } from "../probe/prober.ts";
import type { ServerSettings } from "../settings/server-settings.ts";

/** A configuration as the web shows it: one version of the file, which later reloads do not change. */
export interface ConfigurationView {
  readonly modules: ReadonlyMap<string, Pick<Module, "protocol" | "timeoutSeconds">>;
  /** The declared services by name, in the order of the file. */
  readonly services: ReadonlyMap<string, Service>;
  readonly servers: ReadonlyMap<string, ServerSettings>;
  /** The whole configuration as YAML, secrets concealed. */
  text(): string;
  /** One module as YAML, secrets concealed; undefined where there is none of that name. */
  moduleText(name: string): string | undefined;
}
