import { nearestName } from "./nearest-name.ts";
import { isList, isMapping, type YamlMapping, type YamlValue } from "./yaml-value.ts";

/**
 * What services name that is not there, and names that two of them have: one sentence each. Read from the document as
 * it was written, so that these are told together with whatever else is wrong in it.
 */
export function referenceProblems(document: YamlValue): readonly string[] {
  if (!isMapping(document) || !isList(document["services"])) return [];
  const modules = mappingIn(document, "modules");
  const servers = mappingIn(document, "servers");
  const firstOf = new Map<string, number>();
  const problems: string[] = [];
  for (const [index, service] of document["services"].entries()) {
    if (problems.length >= MOST_PROBLEMS) break;
    if (!isMapping(service)) continue;
    problems.push(
      ...repeated(service, { index, firstOf }),
      ...missingModule(service, { index, modules }),
      ...missingServer(service, { index, modules, servers }),
    );
  }
  return problems;
}

/** More than anybody reads at once; the search for the name that was meant takes time for each. */
const MOST_PROBLEMS = 100;

function mappingIn(document: YamlMapping, key: string): YamlMapping {
  const value = document[key];
  return isMapping(value) ? value : {};
}

function repeated(
  service: YamlMapping,
  { index, firstOf }: { readonly index: number; readonly firstOf: Map<string, number> },
): readonly string[] {
  const name = service["name"];
  if (typeof name !== "string") return [];
  const first = firstOf.get(name);
  if (first === undefined) firstOf.set(name, index);
  return first === undefined
    ? []
    : [`Cannot read services[${index}].name: services[${first}] has the name ${JSON.stringify(name)} already`];
}

function missingModule(
  service: YamlMapping,
  { index, modules }: { readonly index: number; readonly modules: YamlMapping },
): readonly string[] {
  const module = service["module"];
  if (typeof module !== "string" || module === "" || Object.hasOwn(modules, module)) return [];
  return [`Cannot read services[${index}].module: there is no module ${quoted(module, Object.keys(modules))}`];
}

function missingServer(
  service: YamlMapping,
  { index, modules, servers }: { readonly index: number; readonly modules: YamlMapping; readonly servers: YamlMapping },
): readonly string[] {
  const { module: name, target } = service;
  const module = typeof name === "string" ? modules[name] : undefined;
  if (!isMapping(module) || module["prober"] !== "server" || typeof target !== "string") return [];
  if (target === "" || Object.hasOwn(servers, target)) return [];
  return [`Cannot read services[${index}].target: there is no server ${quoted(target, Object.keys(servers))}`];
}

function quoted(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  return `${JSON.stringify(name)}${nearest === undefined ? "" : `, did you mean ${JSON.stringify(nearest)}?`}`;
}
