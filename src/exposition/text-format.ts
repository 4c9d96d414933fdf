/** The two text formats that Prometheus reads, its own and OpenMetrics, with the `Content-Type` of each. */
export const CONTENT_TYPES = {
  prometheus: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
} as const;

export type TextFormat = keyof typeof CONTENT_TYPES;

/** What ends a whole answer: OpenMetrics tells a complete one from one cut short by its last line. */
export const ENDINGS = { prometheus: "", openmetrics: "# EOF\n" } as const satisfies Record<TextFormat, string>;
