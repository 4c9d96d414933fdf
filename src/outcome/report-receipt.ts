/** Why a server's report was not taken; a label of the exporter's own metrics. */
export const REFUSALS = [
  "unknown-server",
  "wrong-token",
  "too-many",
  "unsupported-type",
  "too-large",
  "incomplete",
  "malformed",
  "invalid",
  "clock-ahead",
  "not-stored",
] as const;

export type Refusal = (typeof REFUSALS)[number];

/** What became of a report: it is kept, or why not, with a sentence for whoever sent it. */
export type ReportReceipt =
  | { readonly kind: "stored" }
  | { readonly kind: "refused"; readonly reason: Refusal; readonly detail: string };
