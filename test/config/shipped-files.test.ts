import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { knownKeys } from "../../src/config/known-keys.ts";
import { loadConfiguration } from "../../src/config/load-configuration.ts";
import { defineProber, type Prober } from "../../src/probe/prober.ts";
import { httpSettings } from "../../src/probers/http/settings.ts";

const PROBERS: readonly Prober[] = [defineProber({ protocol: "http", settings: httpSettings, probe: async () => {} })];

for (const file of ["status.yml", "examples/http.yml"]) {
  void test(`config/${file} loads without a warning`, async () => {
    const loaded = loadConfiguration(await text(file), PROBERS);
    assert.ok(!("problems" in loaded), "problems" in loaded ? loaded.problems.join("\n") : "");
    assert.deepEqual(loaded.warnings, []);
    assert.ok(loaded.modules.size > 3);
  });
}

void test("the default module is there", async () => {
  const loaded = loadConfiguration(await text("status.yml"), PROBERS);
  assert.ok(!("problems" in loaded));
  assert.ok(loaded.modules.has("http_2xx"));
});

void test("config/examples/http.yml conceals its secrets when shown", async () => {
  const loaded = loadConfiguration(await text("examples/http.yml"), PROBERS);
  assert.ok(!("problems" in loaded));
  assert.doesNotMatch(loaded.text(), /not-a-real/u);
});

void test("config/examples/http.yml names every key of the http block", async () => {
  const example = await text("examples/http.yml");
  const blocks = [[], ["basic_auth"], ["authorization"], ["oauth2"], ["tls_config"], ["fail_if_header_matches", 0]];
  const keys = blocks.flatMap((path) => knownKeys(httpSettings, path)).filter((key) => !key.endsWith("_ref"));
  assert.ok(keys.length > 50);
  assert.deepEqual(
    keys.filter((key) => !new RegExp(`\\b${key}\\b`, "u").test(example)),
    [],
  );
});

function text(file: string): Promise<string> {
  return readFile(new URL(`../../config/${file}`, import.meta.url), "utf8");
}
