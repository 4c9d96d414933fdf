import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { DASHBOARDS } from "../../src/generate/dashboards/all.ts";
import { integrationTest } from "./support/integration-test.ts";
import { startPrometheus } from "./support/prometheus.ts";

integrationTest("Prometheus takes every query of every dashboard", {
  programs: ["prometheus"],
  async body(stack) {
    const prometheus = await startPrometheus(stack, "scrape_configs: []");
    const panels = DASHBOARDS.flatMap(({ rows }) => rows.flat());

    for (const { expr } of panels.flatMap(({ queries }) => queries)) await prometheus.query(withValues(expr));
  },
});

integrationTest("Prometheus takes every query that docs/dashboards.md shows", {
  programs: ["prometheus"],
  async body(stack) {
    const prometheus = await startPrometheus(stack, "scrape_configs: []");
    const page = readFileSync(new URL("../../docs/dashboards.md", import.meta.url), "utf8");
    const queries = [...page.matchAll(/\| `([^`]*probe_[^`]*)` +\|/g)].map(([, query = ""]) => query);

    assert.ok(queries.length > 0);
    for (const query of queries) await prometheus.query(query);
  },
});

/** A query as Grafana sends it, its variables replaced. */
function withValues(expression: string): string {
  return expression
    .replaceAll("$__rate_interval", "4m")
    .replaceAll("$__range", "6h")
    .replaceAll(/\$(?:job|instance)/g, ".*");
}
