import assert from "node:assert/strict";
import { test } from "node:test";
import { ADVICE } from "../../src/catalogue/advice.ts";

void test("every outcome is explained in whole sentences", () => {
  const texts = Object.values(ADVICE).flatMap(({ meaning, advice }) => [meaning, advice]);

  assert.deepEqual(
    texts.filter((text) => !/^[A-Z].*[.?]$/.test(text)),
    [],
  );
});
