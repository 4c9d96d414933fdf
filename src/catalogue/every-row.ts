import { CLOUD_MONITOR_CODES, type CloudMonitorList } from "./cloudmonitor/codes.ts";
import type { DictionarySection } from "./dictionary.ts";
import { HITFLOW_CODES, type HitflowList } from "./hitflow/codes.ts";
import type { Catalogue } from "./status-code.ts";

/** A documented code with all that the dictionaries hold about it. */
export interface CatalogueRow {
  readonly catalogue: Catalogue;
  readonly list: CloudMonitorList | HitflowList;
  readonly code: number;
  readonly message: string;
  readonly meaning: string;
  /** The vendor's heading and code, e.g. "Custom status codes, TCP, 610". */
  readonly row: string;
  readonly page: DictionarySection["page"];
  /** The vendor's own text, where it is no text for a reader. */
  readonly sourceText: string | undefined;
}

/** Every documented code of both catalogues, in the vendors' order. */
export const EVERY_ROW: readonly CatalogueRow[] = [
  ...CLOUD_MONITOR_CODES.flatMap((section) => rowsOf("cloudmonitor", section)),
  ...HITFLOW_CODES.flatMap((section) => rowsOf("hitflow", section)),
];

interface Section extends DictionarySection {
  readonly list: CatalogueRow["list"];
}

function rowsOf(catalogue: Catalogue, section: Section): readonly CatalogueRow[] {
  const { list, title, page, rows } = section;
  return rows.map(({ code, message, meaning, sourceText }) => {
    const row = `${title}, ${code}`;
    return { catalogue, list, code, message, meaning, row, page, sourceText };
  });
}
