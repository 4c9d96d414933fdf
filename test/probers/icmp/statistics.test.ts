import assert from "node:assert/strict";
import { test } from "node:test";
import { summarise } from "../../../src/probers/icmp/statistics.ts";

test("sums up a series of round trips", () => {
  assert.deepEqual(summarise([2, 4, 4, 4, 5, 5, 7, 9]), {
    minimum: 2,
    average: 5,
    maximum: 9,
    standardDeviation: 2,
    jitter: 1,
  });
});

test("takes the order into account for the jitter alone", () => {
  const [rising, leaping] = [summarise([1, 2, 3, 4]), summarise([1, 4, 2, 3])];

  assert.equal(rising?.jitter, 1);
  assert.equal(leaping?.jitter, 2);
  assert.equal(rising.standardDeviation, leaping.standardDeviation);
});

test("knows neither deviation nor jitter of one round trip, and nothing of none", () => {
  assert.deepEqual(summarise([3]), {
    minimum: 3,
    average: 3,
    maximum: 3,
    standardDeviation: undefined,
    jitter: undefined,
  });
  assert.equal(summarise([]), undefined);
});
