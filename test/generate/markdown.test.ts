import assert from "node:assert/strict";
import { test } from "node:test";
import { markdownPage, markdownTable } from "../../src/generate/markdown.ts";

void test("a table pads its columns to one width and escapes a bar within a cell", () => {
  const table = markdownTable(["Name", "Help"], [["a|b", "either"]]);

  assert.equal(table, ["| Name | Help   |", "| ---- | ------ |", "| a\\|b | either |"].join("\n"));
});

void test("a page has an empty line between blocks and ends in one line end", () => {
  assert.equal(markdownPage(["# One", "two"]), "# One\n\ntwo\n");
});
