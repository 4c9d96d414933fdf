import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { knownKeys } from "../../../src/config/known-keys.ts";
import { loadConfiguration } from "../../../src/config/load-configuration.ts";
import { PROBERS } from "../../../src/probers/all.ts";
import { tcpSettings } from "../../../src/probers/tcp/settings.ts";
import { udpSettings } from "../../../src/probers/udp/settings.ts";
import { unixSettings } from "../../../src/probers/unix/settings.ts";

for (const protocol of ["tcp", "unix", "udp"]) {
  void test(`config/examples/${protocol}.yml loads without a warning`, async () => {
    const loaded = loadConfiguration(await example(protocol), PROBERS);

    assert.ok(!("problems" in loaded), "problems" in loaded ? loaded.problems.join("\n") : "");
    assert.deepEqual(loaded.warnings, []);
    assert.ok(loaded.modules.size >= 3);
  });
}

for (const [protocol, settings, blocks] of [
  ["tcp", tcpSettings, [[], ["query_response", 0], ["query_response", 0, "labels", 0]]],
  ["unix", unixSettings, [[]]],
  ["udp", udpSettings, [[]]],
] as const) {
  void test(`config/examples/${protocol}.yml names every key of its block`, async () => {
    const text = await example(protocol);
    const keys = blocks.flatMap((path) => knownKeys(settings, path));

    const missing = keys.filter((key) => !new RegExp(`\\b${key}:`, "u").test(text));

    assert.ok(keys.length >= 3);
    assert.deepEqual(missing, []);
  });
}

function example(protocol: string): Promise<string> {
  return readFile(new URL(`../../../config/examples/${protocol}.yml`, import.meta.url), "utf8");
}
