import assert from "node:assert/strict";
import { test } from "node:test";
import { codesOf } from "../../src/catalogue/codes-of.ts";
import { renderReport } from "../../src/exposition/probe-text.ts";
import type { Report } from "../../src/outcome/report.ts";
import { makeReport } from "../web/fixture.ts";

function render(report: Report, format: "prometheus" | "openmetrics" = "prometheus"): string {
  return renderReport(report, { codes: codesOf(report), format });
}

const PHASES = [
  { phase: "resolve", seconds: 0.001 },
  { phase: "connect", seconds: 0 },
] as const;

test("writes a report's families by name, each with its help and type", () => {
  const text = render(makeReport({ outcome: "connect/refused", httpStatus: undefined, phases: PHASES }));

  assert.equal(
    text,
    [
      "# HELP probe_duration_seconds Returns how long the probe took to complete in seconds",
      "# TYPE probe_duration_seconds gauge",
      "probe_duration_seconds 0.25",
      "# HELP probe_outcome_info How the probe ended and why, always 1",
      "# TYPE probe_outcome_info gauge",
      'probe_outcome_info{outcome="connect/refused",phase="connect",reason="refused"} 1',
      "# HELP probe_phase_duration_seconds Time spent in each phase that the probe entered, in seconds",
      "# TYPE probe_phase_duration_seconds gauge",
      'probe_phase_duration_seconds{phase="resolve"} 0.001',
      'probe_phase_duration_seconds{phase="connect"} 0',
      "# HELP probe_status_code The documented status code of the outcome in each catalogue's list",
      "# TYPE probe_status_code gauge",
      'probe_status_code{catalogue="cloudmonitor",list="http"} 611',
      'probe_status_code{catalogue="hitflow",list="service"} 451',
      "# HELP probe_status_info The documented status code with its meaning, always 1",
      "# TYPE probe_status_info gauge",
      'probe_status_info{catalogue="cloudmonitor",code="611",list="http",message="Failed for another cause"} 1',
      'probe_status_info{catalogue="hitflow",code="451",list="service",message="Web server not reachable"} 1',
      "# HELP probe_success Displays whether or not the probe was a success",
      "# TYPE probe_success gauge",
      "probe_success 0",
      "# HELP probe_timeout_seconds Returns how long the probe timeout is in seconds",
      "# TYPE probe_timeout_seconds gauge",
      "probe_timeout_seconds 9.5",
      "",
    ].join("\n"),
  );
});

test("says success 1 only where the outcome is success or a tolerated loss of packets", () => {
  assert.match(render(makeReport()), /^probe_success 1$/m);
  assert.match(render(makeReport({ outcome: "timing/too-slow" })), /^probe_success 0$/m);
  assert.match(render(makeReport({ outcome: "exchange/packet-loss" })), /^probe_success 0$/m);
  assert.match(render(makeReport({ outcome: "exchange/packet-loss-tolerated" })), /^probe_success 1$/m);
});

test("ends OpenMetrics with its last line and writes whole numbers as floats", () => {
  const text = render(makeReport(), "openmetrics");

  assert.match(text, /^probe_success 1\.0$/m);
  assert.ok(text.endsWith("\n# EOF\n"));
});

test("keeps what was measured before a failure", () => {
  const measurements = [{ name: "probe_ssl_earliest_cert_expiry", value: 1748853465, labels: {} }] as const;

  const text = render(makeReport({ outcome: "tls/certificate-expired", measurements }));

  assert.match(text, /^probe_ssl_earliest_cert_expiry 1\.748853465e\+09$/m);
});

test("writes labels by name and escapes backslash, quote and line end", () => {
  const labels = {
    fingerprint_sha256: "ab",
    subject: 'CN=a"b\\c\nd',
    issuer: "CN=é",
    subjectalternative: "\ud800x",
    serialnumber: "",
  };

  const text = render(makeReport({ measurements: [{ name: "probe_ssl_last_chain_info", value: 1, labels }] }));

  assert.ok(
    text.includes(
      'probe_ssl_last_chain_info{fingerprint_sha256="ab",issuer="CN=é",serialnumber="",' +
        'subject="CN=a\\"b\\\\c\\nd",subjectalternative="\ufffdx"} 1\n',
    ),
  );
});

test("never writes a series twice: the last value counts", () => {
  const measurements = [
    { name: "probe_http_duration_seconds", value: 1, labels: { phase: "tls" } },
    { name: "probe_http_duration_seconds", value: 2, labels: { phase: "tls" } },
    { name: "probe_tls_version_info", value: 1, labels: { version: "\ud800" } },
    { name: "probe_tls_version_info", value: 1, labels: { version: "\udfff" } },
  ] as const;

  const series = render(makeReport({ measurements }))
    .split("\n")
    .filter((line) => /^probe_(?:http_duration|tls_version)/.test(line));

  assert.deepEqual(series, [
    'probe_http_duration_seconds{phase="tls"} 2',
    'probe_tls_version_info{version="\ufffd"} 1',
  ]);
});

test("has no code of a catalogue that has no such monitor", () => {
  const text = render(makeReport({ subject: "any", outcome: "request/unknown-prober", httpStatus: undefined }));

  assert.doesNotMatch(text, /cloudmonitor/);
  assert.match(text, /^probe_status_code\{catalogue="hitflow",list="service"\} 100$/m);
});
