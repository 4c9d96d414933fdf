import assert from "node:assert/strict";
import { test } from "node:test";
import { readWebPaths } from "../../src/web/web-paths.ts";

/** External URL, route prefix, and what follows. */
const CASES = [
  ["", "", { prefix: "", home: "/" }],
  ["", "/", { prefix: "", home: "/" }],
  ["", "status", { prefix: "/status", home: "/status/" }],
  ["", "/a/b/", { prefix: "/a/b", home: "/a/b/" }],
  ["https://example.com/status", "", { prefix: "/status", home: "https://example.com/status/" }],
  ["https://example.com", "", { prefix: "", home: "https://example.com/" }],
  ["https://example.com/status/", "/", { prefix: "", home: "https://example.com/status/" }],
  ["https://example.com/", "/inside", { prefix: "/inside", home: "https://example.com/" }],
] as const;

for (const [externalUrl, routePrefix, paths] of CASES) {
  test(`serves under "${paths.prefix}" for external URL "${externalUrl}" and prefix "${routePrefix}"`, () => {
    assert.deepEqual(readWebPaths({ externalUrl, routePrefix }), paths);
  });
}

for (const externalUrl of ['"https://example.com"', "example.com/status", "ftp://example.com", "'"]) {
  test(`refuses the external URL ${externalUrl}`, () => {
    assert.throws(
      () => readWebPaths({ externalUrl, routePrefix: "" }),
      /Cannot read --web\.external-url: expected a URL/,
    );
  });
}

test("refuses a prefix that is more than a plain path", () => {
  assert.throws(() => readWebPaths({ externalUrl: "", routePrefix: "/:any" }), /Cannot read --web\.route-prefix/);
});
