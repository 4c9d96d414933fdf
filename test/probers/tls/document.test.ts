import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { loadConfiguration } from "../../../src/config/load-configuration.ts";
import { CERTIFICATE_PROBLEMS } from "../../../src/network/certificate-finding.ts";
import { PROBERS } from "../../../src/probers/all.ts";

const DOCUMENT = await readFile(new URL("../../../docs/certificates.md", import.meta.url), "utf8");

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
