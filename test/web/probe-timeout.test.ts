import assert from "node:assert/strict";
import { test } from "node:test";
import { probeTimeoutSeconds } from "../../src/web/probe-timeout.ts";

/** Header, offset, the module's own limit, and what the probe gets. */
const CASES = [
  [undefined, 0.5, undefined, 119.5],
  [undefined, 0.5, 5, 5],
  ["", 0.5, undefined, 119.5],
  ["0", 0.5, undefined, 119.5],
  ["10", 0.5, undefined, 9.5],
  ["10", 0.5, 5, 5],
  ["10", 0.5, 30, 9.5],
  ["10", 0.5, 9.75, 9.5],
  ["10", 0.5, 0, 9.5],
  ["1e1", 0.5, undefined, 9.5],
  ["+2.5", 0, undefined, 2.5],
  [".5", 0.25, undefined, 0.25],
  ["0.5", 0.5, undefined, 0],
  ["0.5", 0.5, 5, 0],
  ["1", 2, undefined, -1],
  ["1", 2, 5, -1],
  ["-3", 0.5, 5, -3.5],
  ["10", -1, undefined, 11],
  ["1e400", 0.5, undefined, 86_400],
  ["100000", 0.5, undefined, 86_400],
  ["ten", 0.5, 5, Number.NaN],
  ["10s", 0.5, undefined, Number.NaN],
  ["Inf", 0.5, undefined, Number.NaN],
  ["0x10", 0.5, undefined, Number.NaN],
  [" ", 0.5, undefined, Number.NaN],
] as const;

for (const [header, offsetSeconds, moduleSeconds, seconds] of CASES) {
  const granted = header === undefined ? "no header" : JSON.stringify(header);
  test(`gives ${seconds} s for ${granted}, offset ${offsetSeconds} and a module limit of ${moduleSeconds ?? "none"}`, () => {
    assert.equal(probeTimeoutSeconds({ header, offsetSeconds, moduleSeconds }), seconds);
  });
}
