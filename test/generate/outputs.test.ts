import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { anchorOf } from "../../src/catalogue/anchor-of.ts";
import { documentedCodes } from "../../src/catalogue/documented-codes.ts";
import { codesPage } from "../../src/generate/codes-page.ts";
import { metricsPage } from "../../src/generate/metrics-page.ts";
import { OUTPUTS } from "../../src/generate/outputs.ts";
import { MEASUREMENTS, REPORT_METRICS } from "../../src/outcome/measurement.ts";
import { FAILURES } from "../../src/outcome/outcome.ts";

const ROOT = join(import.meta.dirname, "..", "..");

for (const { path, render } of OUTPUTS) {
  void test(`${path} is what the code generates now (else: npm run generate)`, () => {
    assert.equal(readFileSync(join(ROOT, path), "utf8"), render());
  });

  void test(`${path} has no trailing spaces, no two empty lines together and one line end at its end`, () => {
    assert.doesNotMatch(render(), /[ \t]\n|\n\n\n|\n\n$|[^\n]$/);
  });
}

void test("the page of codes has one anchor for each documented code and each outcome", () => {
  const anchors = [...codesPage().matchAll(/^<a id="([^"]+)"><\/a>$/gm)].map(([, id]) => id);

  const expected = [...documentedCodes().map(anchorOf), anchorOf("success"), ...FAILURES.map(anchorOf)];

  assert.equal(new Set(anchors).size, anchors.length);
  assert.deepEqual(
    expected.filter((anchor) => !anchors.includes(anchor)),
    [],
  );
});

void test("every link within the page of codes leads to an anchor or a heading", () => {
  const page = codesPage();
  const anchors = new Set([...page.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id));
  const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, id]) => id);

  assert.ok(links.length > 0);
  assert.deepEqual(
    links.filter((link) => link !== "outcomes" && !anchors.has(link)),
    [],
  );
});

void test("the heading of an outcome is its own word", () => {
  const headings = new Set([...codesPage().matchAll(/^### (\S+)$/gm)].map(([, word]) => word));

  assert.deepEqual(
    ["success", ...FAILURES].filter((outcome) => !headings.has(outcome)),
    [],
  );
});

void test("the page of metrics has a row for every metric of the tables", () => {
  const rows = new Set([...metricsPage().matchAll(/^\| `([a-z0-9_]+)` +\|/gm)].map(([, name]) => name));

  assert.deepEqual(rows, new Set([...Object.keys(REPORT_METRICS), ...Object.keys(MEASUREMENTS)]));
});
