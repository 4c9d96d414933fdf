import { posix } from "node:path";
import { BUILT_IN_DOORS, PACKAGE_DOORS, ROWS, type Row } from "./import-table.ts";
import { packageOf, readImports } from "./read-imports.ts";

/** The sources to judge: path below `src/` (with `/`) → text. */
export type Sources = ReadonlyMap<string, string>;

/** Every import that the table forbids, every package without a door, and every cycle; one sentence each. */
export function findViolations(sources: Sources): readonly string[] {
  const forbidden = Array.from(sources, ([file, text]) =>
    readImports(text).flatMap((one) => judge(file, one, sources)),
  );
  return [...forbidden.flat(), ...findCycles(sources)];
}

/** The row of the table that a file falls under, the most particular one first. */
export function rowOf(file: string): Row | undefined {
  return ROWS.find(({ folder }) => folder === file) ?? ROWS.find(({ folder }) => matches(file, folder));
}

/** The files of `src/` that a file imports, directly. */
export function filesImportedBy(file: string, text: string): readonly string[] {
  return readImports(text)
    .filter(({ kind }) => kind === "file")
    .map(({ specifier }) => posix.join(posix.dirname(file), specifier));
}

function judge(
  file: string,
  { specifier, kind }: ReturnType<typeof readImports>[number],
  sources: Sources,
): readonly string[] {
  if (kind === "unreadable") return [`${file} imports what cannot be read from its text: ${specifier}`];
  if (kind === "file") return judgeFile(file, posix.join(posix.dirname(file), specifier), sources);
  const name = packageOf(specifier);
  const doors = name.startsWith("node:") ? BUILT_IN_DOORS[name] : (PACKAGE_DOORS[name] ?? []);
  if (doors === undefined || doors.some((folder) => matches(file, folder))) return [];
  return [`${file} may not import ${name}, whose doors are: ${doors.join(", ") || "none"}`];
}

function judgeFile(file: string, imported: string, sources: Sources): readonly string[] {
  if (!sources.has(imported)) return [`${file} names ${imported}, which does not exist`];
  const row = rowOf(file);
  if (row === undefined) return [`${file} is in no row of the table`];
  if (row.imports === "anything" || ownFolder(file) === ownFolder(imported)) return [];
  if (
    row.imports.some(
      (folder) => folder === imported || (matches(imported, folder) && rowOf(imported)?.folder === folder),
    )
  )
    return [];
  return [`${file} may not import ${imported}: ${row.folder} may import ${row.imports.join(", ") || "nothing"}`];
}

/** Whether a file lies in a folder of the table; `probers/*` is any folder of `probers/`. */
function matches(file: string, folder: string): boolean {
  if (folder.endsWith("/*")) return file.startsWith(folder.slice(0, -1)) && file.split("/").length > 2;
  return file === folder || file.startsWith(`${folder}/`);
}

/** Each prober's folder is its own; a file that has a row of its own is a folder to itself. */
function ownFolder(file: string): string {
  if (ROWS.some(({ folder }) => folder === file)) return file;
  const [first = "", second = ""] = file.split("/");
  return first === "probers" ? `${first}/${second}` : first;
}

/** Cycles of files, each once, by depth-first search: a file met again on the path that led to it closes one. */
function findCycles(sources: Sources): readonly string[] {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file))
      cycles.push(`Imports go in a circle: ${[...path.slice(path.indexOf(file)), file].join(" → ")}`);
    if (path.includes(file) || done.has(file)) return;
    for (const next of filesImportedBy(file, sources.get(file) ?? "")) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of sources.keys()) visit(file, []);
  return cycles;
}
