/** One import of a source file, whatever its form. */
export interface Import {
  /** As written, e.g. `../outcome/outcome.ts`, `node:net` or `zod`. */
  readonly specifier: string;
  readonly kind: "file" | "package" | "unreadable";
}

/**
 * Reads the imports of a TypeScript source: imports and re-exports, dynamic imports, and any quoted path of a source
 * file, which is how a thread's entry is named. Paths in comments count too: one that is not true has no place there.
 */
export function readImports(source: string): readonly Import[] {
  const files = all(source, FILE_PATH).map((specifier) => ({ specifier, kind: "file" as const }));
  const packages = PACKAGE_FORMS.flatMap((form) => all(source, form)).map((specifier) => ({
    specifier,
    kind: "package" as const,
  }));
  const unreadable = all(source, COMPUTED_IMPORT).map((specifier) => ({ specifier, kind: "unreadable" as const }));
  return [...files, ...packages, ...unreadable];
}

/** `node:dns/promises` as it is, `zod/mini` as `zod`, `@bufbuild/cel/x` as `@bufbuild/cel`. */
export function packageOf(specifier: string): string {
  if (specifier.startsWith("node:")) return specifier;
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

const FILE_PATH = /["'`](\.{1,2}\/[^"'`\n]*\.ts)["'`]/g;

/** A specifier that is no path: after `from`, after a bare `import`, or in `import(…)`, `require(…)`, `resolve(…)`. */
const PACKAGE_FORMS = [
  /^(?:import|export)\b[^"';]*\bfrom\s*["']([^."'][^"']*)["']/gm,
  /^import\s*["']([^."'][^"']*)["']/gm,
  /\b(?:import|require|import\.meta\.resolve)\(\s*["'`]([^."'`][^"'`]*)["'`]\s*\)/g,
];

/** A dynamic import of something other than a literal could be anything. */
const COMPUTED_IMPORT = /\b((?:import|require)\(\s*[^\s"'`)][^)]*\))/g;

function all(source: string, pattern: RegExp): readonly string[] {
  return Array.from(source.matchAll(pattern), ([, found = ""]) => found);
}
