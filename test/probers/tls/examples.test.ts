import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { knownKeys } from "../../../src/config/known-keys.ts";
import { loadConfiguration } from "../../../src/config/load-configuration.ts";
import { CERTIFICATE_PROBLEMS } from "../../../src/network/certificate-finding.ts";
import { PROBERS } from "../../../src/probers/all.ts";
import { proberSettings } from "../../../src/probers/tls/settings.ts";

const EXAMPLE = await readFile(new URL("../../../config/examples/tls.yml", import.meta.url), "utf8");
const DOCUMENT = await readFile(new URL("../../../docs/certificates.md", import.meta.url), "utf8");

test("config/examples/tls.yml loads without a warning", () => {
  const loaded = loadConfiguration(EXAMPLE, PROBERS);

  assert.ok(!("problems" in loaded), "problems" in loaded ? loaded.problems.join("\n") : "");
  assert.deepEqual(loaded.warnings, []);
  assert.ok(loaded.modules.size >= 5);
});

test("config/examples/tls.yml names every key of its block", () => {
  const keys = [[], ["pins"], ["http_request"], ["tls_config"]].flatMap((path) => knownKeys(proberSettings, path));

  const missing = keys.filter((key) => !new RegExp(`\\b${key}\\b`, "u").test(EXAMPLE) && !key.endsWith("_ref"));

  assert.ok(keys.length >= 20);
  assert.deepEqual(missing, []);
});

test("docs/certificates.md explains every problem", () => {
  for (const problem of CERTIFICATE_PROBLEMS) assert.match(DOCUMENT, new RegExp(`\`${problem}\``));
});

test("every module in docs/certificates.md loads without a warning", () => {
  const blocks = [...DOCUMENT.matchAll(/```yaml\n(modules:[^`]*)```/gu)].map(([, block = ""]) => block);
  assert.ok(blocks.length >= 3);
  for (const block of blocks) {
    const loaded = loadConfiguration(block, PROBERS);
    assert.ok(!("problems" in loaded), "problems" in loaded ? loaded.problems.join("\n") : "");
    assert.deepEqual(loaded.warnings, []);
  }
});
