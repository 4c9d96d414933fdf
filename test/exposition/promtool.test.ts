import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { codesOf } from "../../src/catalogue/codes-of.ts";
import { documentedCodes } from "../../src/catalogue/documented-codes.ts";
import { createOwnMetrics } from "../../src/exposition/own-metrics.ts";
import { renderReport } from "../../src/exposition/probe-text.ts";
import { makeReport } from "../web/fixture.ts";

/** Comes with Prometheus. */
const PROMTOOL = "promtool";

const skip = spawnSync(PROMTOOL, ["--version"]).error === undefined ? false : "promtool is not installed";

test("promtool finds nothing wrong with a report", { skip }, () => {
  const report = makeReport({
    phases: [{ phase: "resolve", seconds: 0.001 }],
    measurements: [
      { name: "probe_http_status_code", value: 200, labels: {} },
      { name: "probe_http_duration_seconds", value: 0.01, labels: { phase: "tls" } },
      { name: "probe_tls_version_info", value: 1, labels: { version: 'TLS "1.3"\\\n' } },
    ],
  });

  assert.deepEqual(check(renderReport(report, { codes: codesOf(report), format: "prometheus" })), {
    status: 0,
    complaints: "",
  });
});

test("promtool finds nothing wrong with the exporter's own metrics", { skip }, async () => {
  const metrics = createOwnMetrics({
    version: "1.2.3",
    nodeVersion: "24.0.0",
    codes: documentedCodes(),
    icmpMethod: "none",
    lastReload: () => ({ successful: true, succeededAt: 1_700_000_000 }),
  });
  metrics.probeStarted();
  metrics.probeEnded(makeReport());

  assert.deepEqual(check(await metrics.render("prometheus")), { status: 0, complaints: "" });
});

function check(input: string): { readonly status: number | null; readonly complaints: string } {
  const { status, stdout, stderr } = spawnSync(PROMTOOL, ["check", "metrics"], { input, encoding: "utf8" });
  return { status, complaints: stdout + stderr };
}
