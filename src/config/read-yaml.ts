import {
  binaryTag,
  boolCoreTag,
  CORE_SCHEMA,
  floatCoreTag,
  intCoreTag,
  loadAll,
  mergeTag,
  NOT_RESOLVED,
  type ScalarTagDefinition,
  YAMLException,
} from "js-yaml";
import { normaliseYaml } from "./normalise-yaml.ts";
import type { YamlValue } from "./yaml-value.ts";

/**
 * Reads the one document of a YAML file, or says why it cannot be read. Anchors, merge keys and `!!binary` are known;
 * duplicate keys are refused. A plain scalar that a number would not give back as it was written (`0010`, `1.10`,
 * `True`) stays text, so that a password loses no zero: the settings' numbers and booleans read such text themselves.
 */
export function readYaml(text: string): { readonly value: YamlValue } | { readonly problem: string } {
  try {
    const documents = loadAll(text, { schema: SCHEMA, maxDepth: DEEPEST, maxTotalMergeKeys: MOST_MERGED_KEYS });
    if (documents.length > 1) return { problem: `expected one YAML document, found ${documents.length}` };
    const value = normaliseYaml(documents[0] ?? null, { deepest: DEEPEST });
    return value === null ? { problem: "the file is empty" } : { value };
  } catch (error) {
    return { problem: describe(error) };
  }
}

const SCHEMA = CORE_SCHEMA.withTags(
  mergeTag,
  binaryTag,
  asWritten(intCoreTag),
  asWritten(floatCoreTag),
  asWritten(boolCoreTag),
);

/** The settings nest less than ten levels deep; this leaves room and keeps recursion over the document harmless. */
const DEEPEST = 64;

/** A thousand modules that merge a hundred keys each. */
const MOST_MERGED_KEYS = 100_000;

function asWritten<Result>(tag: ScalarTagDefinition<Result>): ScalarTagDefinition<Result> {
  return {
    ...tag,
    resolve: (source, isExplicit, tagName) => {
      const value = tag.resolve(source, isExplicit, tagName);
      return isExplicit || String(value) === source ? value : NOT_RESOLVED;
    },
  };
}

/** Without the excerpt that the library offers, for it may show a secret. */
function describe(error: unknown): string {
  if (!(error instanceof YAMLException)) return error instanceof Error ? error.message : String(error);
  const where = error.mark === undefined ? "" : `line ${error.mark.line + 1}, column ${error.mark.column + 1}: `;
  return `${where}${error.reason}`;
}
