import { z } from "zod";
import type { Prober } from "../probe/prober.ts";
import { concealConfiguration } from "./conceal.ts";
import type { Configuration, Problems } from "./configuration.ts";
import { moduleSchema, type NamelessModule } from "./module-schema.ts";
import { problemsOf } from "./problems-of.ts";
import { readYaml } from "./read-yaml.ts";
import { warningsOf } from "./warnings-of.ts";
import { writeYaml } from "./write-yaml.ts";
import { isMapping, type YamlValue } from "./yaml-value.ts";

/** Reads a configuration file's text with the probers at hand, or names everything that is wrong with it at once. */
export function loadConfiguration(text: string, probers: readonly Prober[]): Configuration | Problems {
  const yaml = readYaml(text);
  if ("problem" in yaml) return { problems: [`Cannot read the configuration: ${yaml.problem}`] };
  const schema = z.strictObject({ modules: z.record(z.string(), moduleSchema(probers)) });
  const concealed = concealConfiguration(yaml.value);
  const read = schema.safeParse(yaml.value);
  if (!read.success) return { problems: problemsOf(read.error, { schema, concealed }) };
  return {
    modules: named(read.data.modules),
    warnings: warningsOf(yaml.value, probers),
    text: () => writeYaml(concealed),
    moduleText: (name) => moduleText(concealed, name),
  };
}

function named(modules: Readonly<Record<string, NamelessModule>>): Configuration["modules"] {
  return new Map(Object.entries(modules).map(([name, module]) => [name, Object.assign({ name }, module)]));
}

function moduleText(concealed: YamlValue, name: string): string | undefined {
  const modules = isMapping(concealed) ? concealed["modules"] : undefined;
  const module = isMapping(modules) && Object.hasOwn(modules, name) ? modules[name] : undefined;
  return module === undefined ? undefined : writeYaml(module);
}
