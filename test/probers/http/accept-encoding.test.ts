import assert from "node:assert/strict";
import { test } from "node:test";
import { admitsCompression } from "../../../src/probers/http/accept-encoding.ts";

test("the best entry that is the encoding or a star decides", () => {
  const cases: readonly (readonly [header: string, compression: string, admitted: boolean])[] = [
    ["gzip", "gzip", true],
    ["br", "gzip", false],
    ["br, gzip", "gzip", true],
    ["*", "gzip", true],
    ["*;q=0", "gzip", false],
    ["gzip;q=0", "gzip", false],
    ["gzip;q=0, *;q=1", "gzip", true],
    ["gzip;q=0.5, *;q=0", "gzip", true],
    ["gzip;q=high", "gzip", false],
    ["gzip;level=9;q=0.5", "gzip;level=9", true],
    ["GZIP", "gzip", false],
    ["", "gzip", true],
    ["br", "", true],
  ];
  for (const [header, compression, admitted] of cases) {
    assert.equal(admitsCompression(header, compression), admitted, `${header} ${compression}`);
  }
});
