/** One row of a vendor's list. The meaning is ours; where the vendor's own text is unusable, `sourceText` quotes it. */
interface DictionaryRow {
  readonly code: number;
  /** At most 60 characters, sentence case, no full stop: it becomes a label value. */
  readonly message: string;
  readonly meaning: string;
  readonly sourceText?: string;
}

/** The rows that stand under one heading of a vendor's documentation, in the vendor's order. */
export interface DictionarySection {
  readonly list: string;
  /** The heading; with a code it cites a row, e.g. "Custom status codes, TCP" and 610. */
  readonly title: string;
  /** Where the heading stands: in the vendor's list of status codes, or in its API reference only. */
  readonly page: "status list" | "API reference";
  readonly rows: readonly DictionaryRow[];
}

/** The names of the lists that a dictionary holds. */
export type ListOf<D extends readonly DictionarySection[]> = D[number]["list"];

/** The codes that a dictionary documents in one of its lists. */
export type CodeOf<D extends readonly DictionarySection[], L extends ListOf<D>> = Extract<
  D[number],
  { readonly list: L }
>["rows"][number]["code"];
