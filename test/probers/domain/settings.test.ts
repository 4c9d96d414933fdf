import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { knownKeys } from "../../../src/config/known-keys.ts";
import { loadConfiguration } from "../../../src/config/load-configuration.ts";
import { PROBERS } from "../../../src/probers/all.ts";
import { domainSettings } from "../../../src/probers/domain/settings.ts";
import { problemsOfModule } from "../../support/run-probe.ts";

void test("without a block, IANA is asked, nothing is blacklisted, and no lock is required", () => {
  const settings = domainSettings.parse({});

  assert.equal(settings.registry.rdapBootstrap, "https://data.iana.org/rdap/dns.json");
  assert.deepEqual(settings.registry.whoisDiscovery, { host: "whois.iana.org", port: 43 });
  assert.deepEqual(settings.registry.sources, ["rdap", "whois"]);
  assert.deepEqual(settings.blacklists, []);
  assert.equal(settings.transferLock, "optional");
});

for (const [block, problem] of [
  [{ rdap_servers: { de: "rdap.denic.de" } }, /rdap_servers.*expected a base URL/u],
  [{ whois_servers: { de: "whois.denic.de:99999" } }, /whois_servers.*expected a WHOIS server/u],
  [{ sources: ["http"] }, /sources.*expected "rdap" or "whois"/u],
  [{ expiry: { "example.de": "02.01.2027" } }, /expiry.*expected a date such as/u],
  [{ blacklists: ["spamhous"] }, /blacklists.*expected one of spamhaus-dbl, surbl, uribl/u],
  [{ blacklists: [{ zone: "list.test" }] }, /blacklists.*either codes or bits/u],
  [
    { blacklists: [{ zone: "list.test", codes: { "10.0.0.1": "x" } }] },
    /codes.*expected answers such as "127\.0\.1\.2"/u,
  ],
  [{ blacklists: [{ zone: "list.test", bits: { "3": "x" } }] }, /bits.*expected 1, 2, 4/u],
  [{ lookup_timeout: "0s" }, /lookup_timeout.*expected a duration above zero/u],
  [{ wishes: 1 }, /wishes/u],
] as const) {
  void test(`${JSON.stringify(block)} is refused`, () => {
    assert.match(problemsOfModule("domain", block).join("\n"), problem);
  });
}

void test("two modules that ask the same servers share their answers, others do not", () => {
  const plain = domainSettings.parse({}).registry.fingerprint;

  assert.equal(domainSettings.parse({ max_age: "1h", require_transfer_lock: true }).registry.fingerprint, plain);
  assert.notEqual(domainSettings.parse({ rdap_servers: { de: "https://rdap.test" } }).registry.fingerprint, plain);
});

void test("a suffix may be written with dots around it", () => {
  const { rdapServers } = domainSettings.parse({
    rdap_servers: { ".de": "https://rdap.test", "AT.": "https://rdap.test" },
  }).registry;
  assert.deepEqual([...rdapServers.keys()], ["de", "at"]);
});

void test("config/examples/domain.yml loads without a warning and names every key", async () => {
  const example = await readFile(new URL("../../../config/examples/domain.yml", import.meta.url), "utf8");

  const loaded = loadConfiguration(example, PROBERS);

  assert.ok(!("problems" in loaded), "problems" in loaded ? loaded.problems.join("\n") : "");
  assert.deepEqual(loaded.warnings, []);
  const keys = knownKeys(domainSettings, []);
  assert.ok(keys.length > 10);
  assert.deepEqual(
    keys.filter((key) => !new RegExp(`\\b${key}\\b`, "u").test(example)),
    [],
  );
});
