import { dump } from "js-yaml";
import type { Configuration } from "./configuration.ts";
import { isMapping, type YamlValue } from "./yaml-value.ts";

/** The configuration as YAML, as it was written but with every secret as `<secret>`. */
export function showConfiguration(configuration: Configuration): string {
  return write(configuration.concealed);
}

/** The same for one module, without its name; empty where there is none of that name. */
export function showModule(configuration: Configuration, name: string): string {
  const modules = isMapping(configuration.concealed) ? configuration.concealed["modules"] : undefined;
  const module = isMapping(modules) && Object.hasOwn(modules, name) ? modules[name] : undefined;
  return module === undefined ? "" : write(module);
}

/** Aliases are written out, so that every module can be read by itself; long lines stay whole. */
function write(value: YamlValue): string {
  return dump(value, { noRefs: true, lineWidth: -1 });
}
