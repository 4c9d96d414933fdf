import assert from "node:assert/strict";
import { test } from "node:test";
import { negotiateFormat } from "../../src/exposition/negotiate-format.ts";

const CASES = [
  ["nothing", undefined, "prometheus"],
  ["a browser", "text/html,application/xhtml+xml,*/*;q=0.8", "prometheus"],
  [
    "Prometheus 2",
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
    "openmetrics",
  ],
  [
    "Prometheus 3",
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
    "openmetrics",
  ],
  ["text before OpenMetrics", "text/plain;q=0.9, application/openmetrics-text;q=0.5", "prometheus"],
  ["OpenMetrics refused", "application/openmetrics-text;q=0, */*", "prometheus"],
  ["an unknown version of OpenMetrics", "application/openmetrics-text;version=2.0.0", "prometheus"],
  ["OpenMetrics in capitals and quotes", 'Application/OpenMetrics-Text; Version="1.0.0"', "openmetrics"],
  ["an unreadable weight", "application/openmetrics-text;q=high", "prometheus"],
  ["OpenMetrics beyond what is read", `${"a/b,".repeat(300)}application/openmetrics-text`, "prometheus"],
] as const;

for (const [asked, accept, format] of CASES) {
  test(`answers ${format} to ${asked}`, () => assert.equal(negotiateFormat(accept), format));
}
