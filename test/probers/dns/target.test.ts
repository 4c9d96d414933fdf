import assert from "node:assert/strict";
import { test } from "node:test";
import { readServerAddress } from "../../../src/probers/dns/target.ts";

for (const [target, transport, expected] of [
  ["192.0.2.53", "udp", { host: "192.0.2.53", port: 53, path: undefined }],
  ["dns.example", "tcp", { host: "dns.example", port: 53, path: undefined }],
  ["dns.example", "tls", { host: "dns.example", port: 853, path: undefined }],
  ["dns.example", "https", { host: "dns.example", port: 443, path: undefined }],
  ["dns.example:5353", "udp", { host: "dns.example", port: 5353, path: undefined }],
  ["2001:db8::53", "udp", { host: "2001:db8::53", port: 53, path: undefined }],
  ["[2001:db8::53]", "tls", { host: "2001:db8::53", port: 853, path: undefined }],
  ["[2001:db8::53]:5353", "tcp", { host: "2001:db8::53", port: 5353, path: undefined }],
  ["https://dns.example/", "https", { host: "dns.example", port: 443, path: undefined }],
  ["https://dns.example:8443/q?a=b", "https", { host: "dns.example", port: 8443, path: "/q?a=b" }],
  ["HTTPS://[2001:db8::53]/q", "https", { host: "2001:db8::53", port: 443, path: "/q" }],
] as const) {
  void test(`the target ${target} over ${transport} is a server`, () => {
    assert.deepEqual(readServerAddress(target, { transport }), expected);
  });
}

for (const [target, transport] of [
  ["", "udp"],
  [":53", "udp"],
  ["dns.example:", "udp"],
  ["dns.example:0", "udp"],
  ["dns.example:70000", "udp"],
  ["dns.example:dns", "tcp"],
  ["[2001:db8::53", "udp"],
  ["dns example", "udp"],
  ["udp://dns.example", "udp"],
  ["https://dns.example/", "udp"],
  ["https://dns.example/", "tls"],
  ["https://", "https"],
  ["https://user:word@dns.example/", "https"],
  ["http://dns.example/", "https"],
] as const) {
  void test(`the target ${JSON.stringify(target)} over ${transport} is a mistake`, () => {
    assert.throws(
      () => readServerAddress(target, { transport }),
      (error) => {
        assert.ok(error instanceof Error && "outcome" in error && "detail" in error);
        assert.equal(error.outcome, "request/parameter-missing");
        assert.ok(!String(error.detail).includes("word"), String(error.detail));
        return true;
      },
    );
  });
}
