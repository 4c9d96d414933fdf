import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The rows of a table beside this file: the first line names the columns. */
export function readFixture(name: string): readonly Readonly<Record<string, string>>[] {
  const [head = "", ...lines] = readFileSync(join(import.meta.dirname, name), "utf8")
    .trimEnd()
    .split("\n");
  const columns = head.split("\t");
  return lines.map((line) => {
    const cells = line.split("\t");
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ""]));
  });
}

/**
 * The codes of every outcome: as they were agreed on, and our additions, which are outcomes over transports that the
 * agreement did not think of (a DNS server behind TCP or TLS, say).
 */
export function readMapping(): ReturnType<typeof readFixture> {
  return [...readFixture("mapping.tsv"), ...readFixture("additions.tsv")];
}
