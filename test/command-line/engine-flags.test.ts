import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

test("the exporter runs with the same engine flags however it is started", async () => {
  const [firstLine = ""] = (await text("src/main.ts")).split("\n", 1);
  const flags = firstLine.split(" ").filter((word) => word.startsWith("--"));

  assert.ok(flags.length > 0);
  assert.match(await text("package.json"), new RegExp(`"start": "node ${flags.join(" ")} src/main.ts"`));
  assert.ok((await text("Dockerfile")).includes(`["node", ${flags.map((flag) => `"${flag}"`).join(", ")}, `));
});

function text(path: string): Promise<string> {
  return readFile(new URL(`../../${path}`, import.meta.url), "utf8");
}
