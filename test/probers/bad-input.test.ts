import assert from "node:assert/strict";
import { test } from "node:test";
import type { Protocol } from "../../src/outcome/protocol.ts";
import type { Settings } from "../faults/fault.ts";
import { problemsOfModule, runProbe } from "../support/run-probe.ts";

const NO_RE2 = "(?=lookahead)";

/** Settings with one value that cannot be meant, and what is said of it. */
const MISTAKES: readonly (readonly [Protocol, Settings, RegExp])[] = [
  ["tcp", { query_response: [{ send_hex: "0g" }] }, /query_response\[0\]\.send_hex: expected bytes as pairs/],
  ["tcp", { query_response: [{ forbidden_content_hex: "123" }] }, /forbidden_content_hex: expected bytes as pairs/],
  ["tcp", { query_response: [{ expect: NO_RE2 }] }, /query_response\[0\]\.expect: expected a regular.* RE2/],
  ["unix", { query_response: [{ send_hex: "0g" }] }, /query_response\[0\]\.send_hex: expected bytes as pairs/],
  ["unix", { query_response: [{ expect: NO_RE2 }] }, /query_response\[0\]\.expect: expected a regular.* RE2/],
  ["udp", { send_hex: "0g" }, /udp\.send_hex: expected bytes as pairs/],
  ["udp", { required_content_hex: "0x0" }, /udp\.required_content_hex: expected bytes as pairs/],
  ["udp", { expect: NO_RE2 }, /udp\.expect: expected a regular.* RE2/],
  ["icmp", { packets: 0 }, /icmp\.packets: expected 1 to 1000/],
  ["dns", { validate_answer_rrs: { fail_if_none_matches_regexp: [NO_RE2] } }, /none_matches_regexp\[0\].* RE2/],
  ["dns", { query_name: "a..b" }, /dns\.query_name: expected a domain name/],
  ["websocket", { query_response: [{ send_hex: "0g" }] }, /query_response\[0\]\.send_hex: expected bytes as pairs/],
  ["websocket", { query_response: [{ expect: NO_RE2 }] }, /query_response\[0\]\.expect: expected a regular.* RE2/],
  ["grpc", { metadata: { "a b": "c" } }, /grpc\.metadata\."a b": expected a name/],
];

for (const [protocol, settings, complaint] of MISTAKES) {
  test(`${protocol}: ${JSON.stringify(settings)} is a mistake in the configuration`, () => {
    const problems = problemsOfModule(protocol, settings);

    assert.equal(problems.length, 1, problems.join("\n"));
    assert.match(problems[0] ?? "", complaint);
  });
}

/** How each protocol's target has a port, and what a module needs for it. */
const TARGETS: readonly (readonly [Protocol, (port: string) => string, Settings])[] = [
  ["tcp", (port) => `127.0.0.1:${port}`, {}],
  ["udp", (port) => `127.0.0.1:${port}`, {}],
  ["dns", (port) => `127.0.0.1:${port}`, { query_name: "example.com" }],
  ["dns", (port) => `https://127.0.0.1:${port}/`, { query_name: "example.com", dns_over_https: true }],
  ["icmp", (port) => `127.0.0.1:${port}`, {}],
  ["websocket", (port) => `ws://127.0.0.1:${port}/`, {}],
  ["grpc", (port) => `127.0.0.1:${port}`, {}],
];

for (const [protocol, targetAt, settings] of TARGETS) {
  for (const port of ["0", "65536", "70000", "-1", "1e3", "٨٠"]) {
    const target = targetAt(port);
    test(`${protocol}: the target ${target} is request/parameter-missing`, async () => {
      const report = await runProbe(protocol, { target, settings });

      assert.equal(report.outcome, "request/parameter-missing", report.detail);
    });
  }
}
