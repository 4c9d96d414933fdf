import assert from "node:assert/strict";
import { test } from "node:test";
import { History } from "../../src/web/history.ts";
import { CONFIGURATION, makeReport } from "./fixture.ts";

const SUCCESS = makeReport();
const FAILURE = makeReport({ outcome: "connect/refused" });

function filled(limit: number, reports: readonly ReturnType<typeof makeReport>[]): History {
  const history = new History(limit);
  for (const report of reports) history.add(report, CONFIGURATION);
  return history;
}

function idsOf(history: History): readonly number[] {
  return history.entries().map(({ id }) => id);
}

test("numbers probes from 0 and shows the newest first", () => {
  assert.deepEqual(idsOf(filled(3, [SUCCESS, SUCCESS])), [1, 0]);
});

test("drops the oldest success beyond the limit", () => {
  assert.deepEqual(
    idsOf(
      filled(
        3,
        Array.from({ length: 8 }, () => SUCCESS),
      ),
    ),
    [7, 6, 5],
  );
});

test("keeps a failure that later successes push out", () => {
  assert.deepEqual(idsOf(filled(2, [FAILURE, SUCCESS, SUCCESS, SUCCESS])), [3, 2, 0]);
});

test("keeps no more failures than the limit beside the recent results", () => {
  assert.deepEqual(
    idsOf(
      filled(
        2,
        Array.from({ length: 7 }, () => FAILURE),
      ),
    ),
    [6, 5, 4, 3],
  );
});

test("does not keep a cancelled probe as a failure", () => {
  const cancelled = makeReport({ outcome: "connect/timeout", cancelled: true });

  assert.deepEqual(idsOf(filled(1, [cancelled, SUCCESS])), [1]);
});

test("keeps nothing where the limit is 0", () => {
  assert.deepEqual(idsOf(filled(0, [FAILURE, SUCCESS])), []);
});

test("finds a probe by its id, also a preserved failure", () => {
  const history = filled(1, [FAILURE, SUCCESS]);

  assert.equal(history.byId(0)?.report.outcome, "connect/refused");
  assert.equal(history.byId(2), undefined);
});

test("finds the newest probe of a target, of one module if asked", () => {
  const history = filled(5, [
    makeReport({ target: "a", module: "one" }),
    makeReport({ target: "a", module: "two" }),
    makeReport({ target: "b", module: "one" }),
  ]);

  assert.equal(history.newest({ target: "a", module: undefined })?.id, 1);
  assert.equal(history.newest({ target: "a", module: "one" })?.id, 0);
  assert.equal(history.newest({ target: "b", module: "two" }), undefined);
});
