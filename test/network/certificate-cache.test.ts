import assert from "node:assert/strict";
import { test } from "node:test";
import { CertificateCache } from "../../src/network/certificate-cache.ts";

test("forgets what was not asked for the longest, and nothing before it is full", () => {
  const cache = new CertificateCache<number>(2);
  cache.set("a", 1);
  cache.set("b", 2);
  assert.equal(cache.get("a"), 1);
  cache.set("c", 3);
  assert.deepEqual([cache.get("a"), cache.get("b"), cache.get("c")], [1, undefined, 3]);
});

test("replaces a value without forgetting another", () => {
  const cache = new CertificateCache<number>(2);
  cache.set("a", 1);
  cache.set("b", 2);
  cache.set("b", 3);
  assert.deepEqual([cache.get("a"), cache.get("b")], [1, 3]);
});
