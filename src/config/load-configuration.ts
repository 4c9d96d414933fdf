import { z } from "zod";
import type { Prober } from "../probe/prober.ts";
import { serverSettings } from "../settings/server-settings.ts";
import { concealConfiguration } from "./conceal.ts";
import type { Configuration, Problems } from "./configuration.ts";
import { moduleSchema, type NamelessModule } from "./module-schema.ts";
import { problemsOf } from "./problems-of.ts";
import { readYaml } from "./read-yaml.ts";
import { referenceProblems } from "./reference-problems.ts";
import { serviceSchema } from "./service-schema.ts";
import { warningsOf } from "./warnings-of.ts";
import { writeYaml } from "./write-yaml.ts";
import { isMapping, type YamlValue } from "./yaml-value.ts";

/** Reads a configuration file's text with the probers at hand, or names everything that is wrong with it at once. */
export function loadConfiguration(text: string, probers: readonly Prober[]): Configuration | Problems {
  const yaml = readYaml(text);
  if ("problem" in yaml) return { problems: [`Cannot read the configuration: ${yaml.problem}`] };
  const schema = schemaOf(probers);
  const concealed = concealConfiguration(yaml.value);
  const read = schema.safeParse(yaml.value);
  const references = referenceProblems(yaml.value);
  if (!read.success) return { problems: [...problemsOf(read.error, { schema, concealed }), ...references] };
  if (references.length > 0) return { problems: references };
  return {
    modules: named(read.data.modules),
    services: new Map((read.data.services ?? []).map((service) => [service.name, service])),
    servers: new Map(Object.entries(read.data.servers ?? {})),
    warnings: warningsOf(yaml.value),
    text: () => writeYaml(concealed),
    moduleText: (name) => moduleText(concealed, name),
  };
}

function schemaOf(probers: readonly Prober[]) {
  return z.strictObject({
    modules: z.record(z.string(), moduleSchema(probers)),
    services: z.array(serviceSchema).nullish(),
    servers: z.record(z.string(), serverSettings).nullish(),
  });
}

function named(modules: Readonly<Record<string, NamelessModule>>): Configuration["modules"] {
  return new Map(Object.entries(modules).map(([name, module]) => [name, Object.assign({ name }, module)]));
}

function moduleText(concealed: YamlValue, name: string): string | undefined {
  const modules = isMapping(concealed) ? concealed["modules"] : undefined;
  const module = isMapping(modules) && Object.hasOwn(modules, name) ? modules[name] : undefined;
  return module === undefined ? undefined : writeYaml(module);
}
