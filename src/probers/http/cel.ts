import { createRequire } from "node:module";
import type { CelInput, CelResult } from "@bufbuild/cel";
import { RegularExpression } from "../../settings/regular-expression.ts";

/** A compiled CEL expression over a JSON document, which it sees as the variable `body`. */
export interface CelExpression {
  readonly source: string;
  /** True or false as the expression says, or why it says neither: an evaluation error, a result that is no boolean. */
  evaluate(body: CelInput): boolean | { readonly problem: string };
}

/** Compiles an expression; throws CelSyntaxError where it does not parse or names what does not exist. */
export function compileCel(source: string): CelExpression {
  const { celEnv, plan } = celLibrary();
  const environment = celEnv({ re2: { compile: cachedCompile() } });
  const parsed = parsedOrThrow(source);
  const unknown = unknownNames(parsed.expr, (name) => environment.funcs.find(name) !== undefined);
  if (unknown.length > 0) throw new CelSyntaxError(`unknown name ${unknown.join(", ")}; the variable is called body`);
  const run = plan(environment, parsed);
  return { source, evaluate: (body) => verdict(run({ body })) };
}

/** Why an expression does not compile. */
export class CelSyntaxError extends Error {
  override readonly name = "CelSyntaxError";
}

/**
 * The library, loaded with the first expression: it takes some 25 MB, which most configurations have no use for. A
 * configuration is read without waiting, so this cannot be an `import()`.
 */
function celLibrary(): typeof import("@bufbuild/cel") {
  return load("@bufbuild/cel");
}

const load = createRequire(import.meta.url);

function parsedOrThrow(source: string): ReturnType<typeof import("@bufbuild/cel")["parse"]> {
  try {
    return celLibrary().parse(source);
  } catch (error) {
    throw new CelSyntaxError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function verdict(result: CelResult): boolean | { readonly problem: string } {
  if (typeof result === "boolean") return result;
  return { problem: celLibrary().isCelError(result) ? result.message : "the result is neither true nor false" };
}

/** An expression's patterns are nearly always constants, so the last one compiled serves the next probe too. */
function cachedCompile(): (pattern: string) => RegularExpression {
  let last: RegularExpression | undefined;
  return (pattern) => {
    if (last?.source !== pattern) last = new RegularExpression(pattern);
    return last;
  };
}

/** The library resolves names only when it evaluates; a misspelt one is to be a configuration error. */
function unknownNames(expression: unknown, isFunction: (name: string) => boolean): readonly string[] {
  const names: Names = { used: new Set(), bound: new Set(KNOWN_NAMES), functions: new Set() };
  collect(expression, names);
  const identifiers = [...names.used].filter((name) => !names.bound.has(name) && !name.startsWith("google."));
  // Operators are functions of the syntax tree too, with names such as `_&&_`; they cannot be misspelt.
  const functions = [...names.functions].filter((name) => /^[a-z]/iu.test(name) && !isFunction(name));
  return [...identifiers, ...functions].map((name) => JSON.stringify(name));
}

const KNOWN_NAMES = "body google bool bytes double dyn int list map null_type string type uint".split(" ");

interface Names {
  readonly used: Set<string>;
  readonly bound: Set<string>;
  readonly functions: Set<string>;
}

function collect(node: unknown, names: Names): void {
  if (typeof node !== "object" || node === null) return;
  const fields: Readonly<Record<string, unknown>> = { ...node };
  if (fields["$typeName"] === "cel.expr.Expr.Ident") add(names.used, fields["name"]);
  if (fields["$typeName"] === "cel.expr.Expr.Call") add(names.functions, fields["function"]);
  if (fields["$typeName"] === "cel.expr.Expr.Comprehension") {
    for (const key of ["iterVar", "iterVar2", "accuVar"]) add(names.bound, fields[key]);
  }
  for (const value of Object.values(fields)) collect(value, names);
}

function add(names: Set<string>, name: unknown): void {
  if (typeof name === "string") names.add(name);
}
