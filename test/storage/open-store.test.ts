import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { openStore } from "../../src/storage/open-store.ts";
import { readRedisUrl } from "../../src/storage/redis-address.ts";
import { startFakeRedis } from "./fake-redis.ts";

const SILENT = { onFault: () => undefined, onRecovery: () => undefined };

void test("the library for Redis is loaded by who uses a Redis server, and by nobody else", async () => {
  await using redis = await startFakeRedis();
  using memory = openStore({ kind: "memory" }, SILENT);
  await memory.namespace("things").update("a", () => ({ value: 1, keptAt: 1 }));
  using store = openStore({ kind: "redis", address: readRedisUrl(`redis://127.0.0.1:${redis.port}`) }, SILENT);
  const before = isLoaded();

  await store.namespace("things").get("a");

  assert.deepEqual([before, isLoaded()], [false, true]);
});

function isLoaded(): boolean {
  return Object.keys(createRequire(import.meta.url).cache).some((file) => file.includes("/node_modules/@redis/"));
}
