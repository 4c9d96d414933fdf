import { dump } from "js-yaml";
import type { YamlValue } from "./yaml-value.ts";

/** A value as YAML. Aliases are written out, so that every part can be read by itself; long lines stay whole. */
export function writeYaml(value: YamlValue): string {
  return dump(value, { noRefs: true, lineWidth: -1 });
}
