import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { integrationTest } from "./support/integration-test.ts";

const PROMETHEUS = fileURLToPath(new URL("../../config/prometheus", import.meta.url));

integrationTest("promtool accepts every file of rules", {
  programs: ["promtool"],
  async body() {
    assert.equal(complaints("promtool", ["check", "rules", ...filesIn("rules")]), "");
  },
});

for (const file of filesIn("tests")) {
  integrationTest(`promtool: the rules pass ${file}`, {
    programs: ["promtool"],
    async body() {
      assert.equal(complaints("promtool", ["test", "rules", file]), "");
    },
  });
}

function filesIn(folder: string): readonly string[] {
  const files = readdirSync(`${PROMETHEUS}/${folder}`).map((name) => `${folder}/${name}`);
  assert.ok(files.length > 0);
  return files;
}

/** What a program says where it objects; nothing where it accepts. */
function complaints(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: PROMETHEUS, encoding: "utf8" });
  return status === 0 ? "" : `exit code ${status}\n${stdout}${stderr}`;
}
