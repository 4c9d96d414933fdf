import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { knownKeys } from "../../../src/config/known-keys.ts";
import { loadConfiguration } from "../../../src/config/load-configuration.ts";
import { PROBERS } from "../../../src/probers/all.ts";
import { ftpSettings } from "../../../src/probers/ftp/settings.ts";

void test("config/examples/ftp.yml loads without a warning and conceals its password when shown", async () => {
  const loaded = loadConfiguration(await example(), PROBERS);

  assert.ok(!("problems" in loaded), "problems" in loaded ? loaded.problems.join("\n") : "");
  assert.deepEqual(loaded.warnings, []);
  assert.ok(loaded.modules.size >= 6);
  assert.doesNotMatch(loaded.text(), /not-a-real/u);
});

void test("config/examples/ftp.yml names every key of its block", async () => {
  const text = await example();
  const keys = knownKeys(ftpSettings, []);

  const missing = keys.filter((key) => !new RegExp(`\\b${key}\\b`, "u").test(text));

  assert.ok(keys.length >= 16);
  assert.deepEqual(missing, []);
});

function example(): Promise<string> {
  return readFile(new URL("../../../config/examples/ftp.yml", import.meta.url), "utf8");
}
