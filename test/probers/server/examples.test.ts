import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { loadConfiguration } from "../../../src/config/load-configuration.ts";
import { PROBERS } from "../../../src/probers/all.ts";
import { readReport } from "../../../src/probers/server/read-report.ts";

for (const name of ["server", "services"]) {
  void test(`config/examples/${name}.yml loads without a warning and shows no secret`, () => {
    const loaded = loadConfiguration(read(`config/examples/${name}.yml`), PROBERS);

    assert.ok(!("problems" in loaded), "problems" in loaded ? loaded.problems.join("\n") : "");
    assert.deepEqual(loaded.warnings, []);
    assert.doesNotMatch(loaded.text(), /[0-9a-f]{64}/u);
    assert.ok(loaded.services.size > 1);
  });
}

void test("the example's limits are read in their units", () => {
  const loaded = loadConfiguration(read("config/examples/server.yml"), PROBERS);

  assert.ok(!("problems" in loaded));
  const thresholds = loaded.servers.get("web-1")?.thresholds;
  assert.deepEqual([thresholds?.["bandwidth-out"], thresholds?.["bandwidth-in"]], [1e8, 1e8]);
});

void test("the configuration in docs/servers.md loads without a warning", () => {
  const [, block = ""] = /```yaml\n(modules:[^`]*)```/u.exec(read("docs/servers.md")) ?? [];

  const loaded = loadConfiguration(block, PROBERS);

  assert.ok(!("problems" in loaded), "problems" in loaded ? loaded.problems.join("\n") : "");
  assert.deepEqual(loaded.warnings, []);
  assert.deepEqual([...loaded.servers.keys()], ["web-1", "db-1"]);
});

void test("the report in docs/servers.md is one that is taken", () => {
  const [, report = ""] = /```json\n(\{.*?\})\n```/su.exec(read("docs/servers.md")) ?? [];

  const known = readReport(report);

  assert.ok(!("problem" in known), JSON.stringify(known));
});

function read(path: string): string {
  return readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
}
