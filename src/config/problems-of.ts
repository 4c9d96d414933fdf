import type { z } from "zod";
import { knownKeys } from "./known-keys.ts";
import { nearestName } from "./nearest-name.ts";
import { isList, isMapping, type YamlValue } from "./yaml-value.ts";

type Issue = z.core.$ZodIssue;

interface Context {
  readonly schema: z.ZodType;
  /** The document with its secrets concealed: the only place that "found" is quoted from. */
  readonly concealed: YamlValue;
}

/** One sentence for everything that a schema found wrong: the path, what was expected and what was found. */
export function problemsOf(error: z.ZodError, context: Context): readonly string[] {
  const problems = error.issues.flatMap((issue) => sentences(issue, context));
  const shown = [...new Set(problems)].slice(0, MOST_PROBLEMS);
  const hidden = problems.length - shown.length;
  return problems.length > MOST_PROBLEMS ? [...shown, `And ${hidden} more problems`] : shown;
}

/** More than anybody reads at once; a wrong anchor can be wrong in every module. */
const MOST_PROBLEMS = 100;

function sentences(issue: Issue, context: Context): readonly string[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => unknownKey(issue.path, { key, schema: context.schema }));
  const union = issue.code === "invalid_union" ? deepest(issue.errors, issue.path) : [];
  if (union.length > 0) return union.flatMap((inner) => sentences(inner, context));
  return [`Cannot read ${readablePath(issue.path)}: ${explanation(issue, context.concealed)}`];
}

function unknownKey(
  path: readonly PropertyKey[],
  { key, schema }: { readonly key: string; readonly schema: z.ZodType },
): string {
  const nearest = nearestName(key, knownKeys(schema, path));
  const advice = nearest === undefined ? "" : `, did you mean ${JSON.stringify(nearest)}?`;
  return `Cannot read ${readablePath([...path, key])}: unknown key${advice}`;
}

/** The issues of the alternative that was understood furthest; none where all failed at their first step. */
function deepest(alternatives: readonly (readonly Issue[])[], path: readonly PropertyKey[]): readonly Issue[] {
  const depths = alternatives.map((issues) => Math.max(0, ...issues.map(depthOf)));
  const most = Math.max(0, ...depths);
  const best = most > 0 ? (alternatives[depths.indexOf(most)] ?? []) : [];
  return best.map((issue) => Object.assign({}, issue, { path: [...path, ...issue.path] }));
}

/** An unknown key lies one level below the mapping that the issue names. */
function depthOf(issue: Issue): number {
  return issue.path.length + (issue.code === "unrecognized_keys" ? 1 : 0);
}

function explanation(issue: Issue, concealed: YamlValue): string {
  const wanted = expectation(issue);
  return wanted.startsWith("expected ") ? `${wanted}, found ${finding(issue.path, concealed)}` : wanted;
}

/** Our own messages start in lower case; those of the library are put into our words. */
function expectation(issue: Issue): string {
  if (/^[a-z]/u.test(issue.message)) return issue.message;
  if (issue.code === "invalid_type") return `expected ${TYPES.get(issue.expected) ?? issue.expected}`;
  if (issue.code === "invalid_value")
    return `expected ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
  if (issue.code === "invalid_union") return `expected ${anyOf(issue.errors)}`;
  const message = issue.message.replace(/^[^:]*: /u, "").replace(/, received .*$/su, "");
  return message.charAt(0).toLowerCase() + message.slice(1);
}

function anyOf(errors: readonly (readonly Issue[])[]): string {
  const wanted = errors.flatMap((issues) =>
    issues.slice(0, 1).map((issue) => expectation(issue).replace(/^expected /u, "")),
  );
  return wanted.length === 0 ? "another value" : [...new Set(wanted)].join(" or ");
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ["string", "a string"],
  ["number", "a number"],
  ["int", "a whole number"],
  ["boolean", "true or false"],
  ["array", "a list"],
  ["object", "a mapping"],
  ["record", "a mapping"],
]);

function finding(path: readonly PropertyKey[], concealed: YamlValue): string {
  let value: YamlValue | undefined = concealed;
  for (const key of path) {
    // A secret hides all that is below it.
    if (typeof value === "string") break;
    value = isList(value) ? value[Number(key)] : isMapping(value) ? value[String(key)] : undefined;
  }
  return readableValue(value);
}

/** Enough of a value to recognise it by; a certificate pasted into the wrong key would fill the screen. */
const LONGEST_FINDING = 80;

function readableValue(value: YamlValue | undefined): string {
  if (value === undefined || value === null) return "nothing";
  if (isList(value)) return "a list";
  if (value instanceof Uint8Array) return "binary data";
  if (typeof value !== "string") return isMapping(value) ? "a mapping" : String(value);
  if (value === "<secret>") return value;
  return JSON.stringify(value.length > LONGEST_FINDING ? `${value.slice(0, LONGEST_FINDING)}…` : value);
}

/** `modules.web.http.valid_status_codes[0]`; a name with other characters is quoted. */
function readablePath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return "the configuration";
  return path
    .map((key, index) => {
      if (typeof key === "number") return `[${key}]`;
      const name = /^[\w-]+$/u.test(String(key)) ? String(key) : JSON.stringify(String(key));
      return index === 0 ? name : `.${name}`;
    })
    .join("");
}
