/** The two text formats that Prometheus reads: its own (0.0.4) and OpenMetrics (1.0.0). */
export const TEXT_FORMATS = ["prometheus", "openmetrics"] as const;

export type TextFormat = (typeof TEXT_FORMATS)[number];

/** The `Content-Type` of each format, as the formats' specifications spell it. */
export const CONTENT_TYPES = {
  prometheus: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
} as const satisfies Record<TextFormat, string>;

/** What ends a whole answer: OpenMetrics tells a complete one from one cut short by its last line. */
export const ENDINGS = { prometheus: "", openmetrics: "# EOF\n" } as const satisfies Record<TextFormat, string>;
