import type { Kept } from "../outcome/key-value-store.ts";
import { parseJson } from "./parse-json.ts";

/** A row of the SQLite file as it was put; what is no JSON was not written by a store and counts as absent. */
export function readKept(row: Readonly<Record<string, unknown>> | undefined): Kept | undefined {
  const text = row?.["value"];
  const keptAt = row?.["kept_at"];
  if (typeof text !== "string" || typeof keptAt !== "number") return undefined;
  const value = parseJson(text);
  return value === undefined ? undefined : { value, keptAt };
}
