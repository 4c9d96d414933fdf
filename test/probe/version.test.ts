import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { VERSION } from "../../src/probe/version.ts";

test("the version is package.json's", async () => {
  const manifest = await readFile(new URL("../../package.json", import.meta.url), "utf8");

  assert.equal(JSON.parse(manifest).version, VERSION);
});
