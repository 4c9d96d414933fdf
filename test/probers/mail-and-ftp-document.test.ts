import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { loadConfiguration } from "../../src/config/load-configuration.ts";
import { PROBERS } from "../../src/probers/all.ts";

const DOCUMENT = await readFile(new URL("../../docs/mail-and-ftp.md", import.meta.url), "utf8");

void test("every module in docs/mail-and-ftp.md loads without a warning", () => {
  const blocks = [...DOCUMENT.matchAll(/```yaml\n(modules:[^`]*)```/gu)].map(([, block = ""]) => block);
  assert.equal(blocks.length, 6);
  for (const block of blocks) {
    const loaded = loadConfiguration(block, PROBERS);
    assert.ok(!("problems" in loaded), "problems" in loaded ? loaded.problems.join("\n") : "");
    assert.deepEqual(loaded.warnings, []);
  }
});
