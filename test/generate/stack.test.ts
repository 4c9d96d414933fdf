import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { loadAll } from "js-yaml";
import { loadConfiguration } from "../../src/config/load-configuration.ts";
import { PROBERS } from "../../src/probers/all.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

void test("compose.yaml mounts what is there", () => {
  const mounted = [...readFileSync(`${ROOT}/compose.yaml`, "utf8").matchAll(/^ +- (\.\/[^:\n]+):/gm)].map(
    ([, path = ""]) => path,
  );

  assert.ok(mounted.length > 0);
  for (const path of mounted) assert.ok(existsSync(`${ROOT}/${path}`), path);
});

void test("every file of the stack is YAML", () => {
  const files = ["compose.yaml", ...yamlFilesIn("config/kubernetes"), ...yamlFilesIn("dashboards/provisioning")];

  assert.ok(files.length > 4);
  for (const file of files) assert.doesNotThrow(() => loadAll(readFileSync(`${ROOT}/${file}`, "utf8")), file);
});

void test("the configuration of the stack is valid, without a warning", () => {
  const loaded = loadConfiguration(readFileSync(`${ROOT}/config/compose/status.yml`, "utf8"), PROBERS);

  assert.deepEqual("problems" in loaded ? loaded.problems : loaded.warnings, []);
});

function yamlFilesIn(folder: string): readonly string[] {
  return readdirSync(`${ROOT}/${folder}`, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => `${folder}/${name}`);
}
