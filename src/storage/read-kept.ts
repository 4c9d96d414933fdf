import type { Kept } from "../outcome/key-value-store.ts";

/** A row of the SQLite file as it was put; what is no JSON was not written by a store and counts as absent. */
export function readKept(row: Readonly<Record<string, unknown>> | undefined): Kept | undefined {
  const value = row?.["value"];
  const keptAt = row?.["kept_at"];
  if (typeof value !== "string" || typeof keptAt !== "number" || !isJson(value)) return undefined;
  const read: unknown = JSON.parse(value);
  return { value: read, keptAt };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
