import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { knownKeys } from "../../../src/config/known-keys.ts";
import { loadConfiguration } from "../../../src/config/load-configuration.ts";
import { PROBERS } from "../../../src/probers/all.ts";
import { grpcSettings } from "../../../src/probers/grpc/settings.ts";

const EXAMPLE = new URL("../../../config/examples/grpc.yml", import.meta.url);

void test("the example loads without a warning, names every key and shows no secret", async () => {
  const example = await readFile(EXAMPLE, "utf8");

  const loaded = loadConfiguration(example, PROBERS);

  assert.ok("modules" in loaded, "problems" in loaded ? loaded.problems.join("\n") : "");
  assert.deepEqual(loaded.warnings, []);
  assert.doesNotMatch(loaded.text(), /not-a-real/u);
  const keys = knownKeys(grpcSettings, []);
  assert.ok(keys.length >= 7);
  assert.deepEqual(
    keys.filter((key) => !new RegExp(`\\b${key}\\b`, "u").test(example)),
    [],
  );
});
