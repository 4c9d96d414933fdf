import type { Line as AnyLine } from "../../probe/dial.ts";
import type { ServiceEnvironment } from "../../probe/services.ts";
import type { RegistrySettings } from "./settings.ts";

/** What a look-up of a domain works with. */
export interface Line extends AnyLine {
  readonly settings: RegistrySettings;
  readonly environment: ServiceEnvironment;
}
