import assert from "node:assert/strict";
import { test } from "node:test";
import { presentReport } from "../../src/command-line/present-report.ts";
import type { Report } from "../../src/outcome/report.ts";

const REPORT: Report = {
  module: "http_2xx",
  subject: "http",
  target: "http://localhost",
  outcome: "connect/refused",
  detail: "Connection refused",
  httpStatus: undefined,
  startedAt: 0,
  durationSeconds: 0.0123,
  timeoutSeconds: 5,
  phases: [
    { phase: "resolve", seconds: 0.001 },
    { phase: "connect", seconds: 0.0113 },
  ],
  measurements: [],
  log: [],
  cancelled: false,
};

test("shows outcome, detail, both codes with their meaning and a line for each phase", () => {
  const lines = presentReport(REPORT).split("\n");

  assert.equal(lines[0], "Outcome   connect/refused");
  assert.equal(lines[1], "Detail    Connection refused");
  assert.match(lines[2] ?? "", /^Codes {5}cloudmonitor http 611 {2}\S/);
  assert.match(lines[3] ?? "", /^ {10}hitflow service 451 {4}\S/);
  assert.equal(lines[4], "Phases    resolve        1.0 ms");
  assert.equal(lines[5], "          connect       11.3 ms");
  assert.equal(lines[6], "Total          12.3 ms of 5 s");
});

test("leaves out the detail of a success", () => {
  assert.doesNotMatch(presentReport({ ...REPORT, outcome: "success", detail: "", httpStatus: 200 }), /Detail/);
});

test("shows what a server was judged by, and warnings in full", () => {
  const text = presentReport({
    ...REPORT,
    subject: "server",
    outcome: "server/load",
    measurements: [
      { name: "probe_server_load", value: 9, labels: { period: "5m" } },
      { name: "probe_ip_protocol", value: 4, labels: {} },
    ],
    log: [
      { time: 0, level: "warn", message: "Threshold exceeded", fields: { threshold: "load", limit: 8 } },
      { time: 0, level: "debug", message: "Not for everybody", fields: {} },
    ],
  });

  assert.match(text, /^Values {4}probe_server_load\{period="5m"\} 9$/m);
  assert.match(text, /^Warnings {2}time=\S+ level=WARN msg="Threshold exceeded" threshold=load limit=8$/m);
  assert.doesNotMatch(text, /probe_ip_protocol|Not for everybody/);
});

test("claims no time for what was not probed at all", () => {
  const text = presentReport({
    ...REPORT,
    outcome: "state/disabled",
    durationSeconds: 0,
    timeoutSeconds: 0,
    phases: [],
  });
  assert.doesNotMatch(text, /Total|Phases/);
});
