import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_TLS_SETTINGS } from "../../src/network/tls-settings.ts";
import { tlsConfig } from "../../src/settings/tls-config.ts";

void test("an empty block is the default", () => {
  assert.deepEqual(tlsConfig.parse({}), DEFAULT_TLS_SETTINGS);
  assert.deepEqual(tlsConfig.parse({ ca_file: "", server_name: "", min_version: "" }), DEFAULT_TLS_SETTINGS);
});

void test("reads every key", () => {
  const settings = tlsConfig.parse({
    ca: "CA PEM",
    cert_file: "client.pem",
    key: "KEY PEM",
    server_name: "example.com",
    insecure_skip_verify: "yes",
    min_version: "TLS12",
    max_version: "TLS13",
  });
  assert.deepEqual(settings.certificate, { file: "client.pem" });
  assert.equal(
    settings.authorities !== undefined && "inline" in settings.authorities && settings.authorities.inline(),
    "CA PEM",
  );
  assert.equal(settings.key !== undefined && "inline" in settings.key && settings.key.inline(), "KEY PEM");
  assert.equal(settings.serverName, "example.com");
  assert.equal(settings.insecureSkipVerify, true);
  assert.deepEqual([settings.minVersion, settings.maxVersion], ["TLSv1.2", "TLSv1.3"]);
  assert.ok(!JSON.stringify(settings).includes("KEY PEM"));
});

void test("names every contradiction", () => {
  assert.deepEqual(problemsOf({ ca: "a", ca_file: "b" }), ["at most one of ca and ca_file may be set"]);
  assert.deepEqual(problemsOf({ cert: "a", cert_file: "b", key: "c", key_file: "d" }), [
    "at most one of cert and cert_file may be set",
    "at most one of key and key_file may be set",
  ]);
  assert.deepEqual(problemsOf({ cert: "a" }), ["a client certificate needs its key: set key or key_file"]);
  assert.deepEqual(problemsOf({ key_file: "a" }), ["a client key needs its certificate: set cert or cert_file"]);
  assert.deepEqual(problemsOf({ min_version: "TLS13", max_version: "TLS12" }), [
    "expected a version not below min_version",
  ]);
  assert.deepEqual(problemsOf({ max_version: "SSL30" }), ["expected one of TLS10, TLS11, TLS12, TLS13"]);
  assert.deepEqual(problemsOf({ ca_ref: "vault" }), ["secret managers are not supported; use ca_file instead"]);
});

function problemsOf(block: unknown): readonly string[] {
  return tlsConfig.safeParse(block).error?.issues.map((issue) => issue.message) ?? [];
}
