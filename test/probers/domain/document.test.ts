import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { loadConfiguration } from "../../../src/config/load-configuration.ts";
import { PROBERS } from "../../../src/probers/all.ts";

const DOCUMENT = await readFile(new URL("../../../docs/domains.md", import.meta.url), "utf8");

void test("every module in docs/domains.md loads without a warning", () => {
  const blocks = [...DOCUMENT.matchAll(/```yaml\n((?:modules|domain_\w+):\n[^`]*)```/gu)].map(
    ([, block = ""]) => block,
  );
  assert.ok(blocks.length >= 6);
  for (const block of blocks) {
    const whole = block.startsWith("modules:") ? block : `modules:\n${block.replaceAll(/^/gmu, "  ")}`;
    const loaded = loadConfiguration(whole, PROBERS);
    assert.ok(!("problems" in loaded), "problems" in loaded ? loaded.problems.join("\n") : "");
    assert.deepEqual(loaded.warnings, []);
  }
});
