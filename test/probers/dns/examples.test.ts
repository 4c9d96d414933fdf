import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { knownKeys } from "../../../src/config/known-keys.ts";
import { loadConfiguration } from "../../../src/config/load-configuration.ts";
import { PROBERS } from "../../../src/probers/all.ts";
import { dnsSettings } from "../../../src/probers/dns/settings.ts";

const EXAMPLE = new URL("../../../config/examples/dns.yml", import.meta.url);

void test("config/examples/dns.yml loads without a warning", async () => {
  const loaded = loadConfiguration(await readFile(EXAMPLE, "utf8"), PROBERS);

  assert.ok(!("problems" in loaded), "problems" in loaded ? loaded.problems.join("\n") : "");
  assert.deepEqual(loaded.warnings, []);
  assert.ok(loaded.modules.size >= 6);
});

void test("config/examples/dns.yml names every key of its block", async () => {
  const text = await readFile(EXAMPLE, "utf8");
  const blocks = [[], ["edns"], ["tls_config"], ["validate_answer_rrs"]];
  const keys = blocks.flatMap((path) => knownKeys(dnsSettings, path)).filter((key) => !key.endsWith("_ref"));

  const missing = keys.filter((key) => !new RegExp(`\\b${key}\\b`, "u").test(text));

  assert.ok(keys.length >= 35, `found ${keys.length}`);
  assert.deepEqual(missing, []);
});
