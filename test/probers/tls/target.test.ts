import assert from "node:assert/strict";
import { test } from "node:test";
import { readTarget } from "../../../src/probers/tls/target.ts";

const PLAIN = { startTls: undefined };

const TARGETS = [
  ["a.example", "a.example", 443, undefined, "/"],
  ["a.example:8443", "a.example", 8443, undefined, "/"],
  ["2001:db8::1", "2001:db8::1", 443, undefined, "/"],
  ["[2001:db8::1]:8443", "2001:db8::1", 8443, undefined, "/"],
  ["https://a.example", "a.example", 443, undefined, "/"],
  ["https://[2001:db8::1]:8443/shop?id=1", "2001:db8::1", 8443, undefined, "/shop?id=1"],
  ["HTTPS://a.example/", "a.example", 443, undefined, "/"],
  ["smtps://mail.example", "mail.example", 465, undefined, "/"],
  ["smtp://mail.example:587", "mail.example", 587, "smtp", "/"],
  ["postgresql://db.example", "db.example", 5432, "postgres", "/"],
  ["ldap://[2001:db8::1]", "2001:db8::1", 389, "ldap", "/"],
] as const;

for (const [target, host, port, startTls, path] of TARGETS) {
  test(`reads ${target}`, () => {
    assert.deepEqual(readTarget(target, PLAIN), { kind: "server", host, port, startTls, path });
  });
}

test("takes the usual port of the protocol that starts TLS", () => {
  const target = readTarget("mail.example", { startTls: "imap" });
  assert.deepEqual(target, { kind: "server", host: "mail.example", port: 143, startTls: "imap", path: "/" });
});

for (const [target, pattern] of [
  ["file:/etc/ssl/*.pem", "/etc/ssl/*.pem"],
  ["file:///etc/ssl/a b.pem", "/etc/ssl/a b.pem"],
] as const) {
  test(`reads ${target}`, () => {
    assert.deepEqual(readTarget(target, PLAIN), { kind: "files", pattern });
  });
}

for (const [target, outcome] of [
  ["http://a.example/", "tls/not-offered"],
  ["gopher://a.example/", "request/unsupported-scheme"],
  ["constructor://a.example/", "request/unsupported-scheme"],
  ["a.example:0", "request/parameter-missing"],
  ["a.example:65536", "request/parameter-missing"],
  [":443", "request/parameter-missing"],
  ["https://", "request/parameter-missing"],
  ["https://a.example:0/", "request/parameter-missing"],
  ["https://user:password@a.example/", "request/parameter-missing"],
  ["file:etc/a.pem", "request/parameter-missing"],
  ["file://host/a.pem", "request/parameter-missing"],
  ["file:", "request/parameter-missing"],
] as const) {
  test(`refuses ${target} as ${outcome}, and shows no password`, () => {
    assert.throws(
      () => readTarget(target, PLAIN),
      (error: unknown) => {
        assert.ok(error instanceof Error && "outcome" in error);
        assert.equal(error.outcome, outcome);
        assert.doesNotMatch(error.message, /password@/);
        return true;
      },
    );
  });
}
