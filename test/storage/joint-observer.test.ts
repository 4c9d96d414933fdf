import assert from "node:assert/strict";
import { test } from "node:test";
import { createJointObserver } from "../../src/storage/joint-observer.ts";

void test("the first store that fails is told, and when none fails any more", () => {
  const told: string[] = [];
  const newObserver = createJointObserver({
    onFault: (kind, detail) => void told.push(`${kind} ${detail}`),
    onRecovery: () => void told.push("recovered"),
  });
  const one = newObserver();
  const other = newObserver();

  one.onFault("unavailable", "one");
  other.onFault("unavailable", "other");
  one.onRecovery();
  assert.deepEqual(told, ["unavailable one"]);
  other.onFault("corrupt", "other");
  other.onRecovery();

  assert.deepEqual(told, ["unavailable one", "corrupt other", "recovered"]);
});
