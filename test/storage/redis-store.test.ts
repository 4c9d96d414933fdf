import assert from "node:assert/strict";
import { test } from "node:test";
import type { Kept, KeyValueNamespace, KeyValueStore } from "../../src/outcome/key-value-store.ts";
import { readRedisUrl } from "../../src/storage/redis-address.ts";
import { createRedisStore } from "../../src/storage/redis-store.ts";
import { eventually } from "../support/eventually.ts";
import { type FakeRedis, startFakeRedis } from "./fake-redis.ts";

const KEY = "status-exporter:things:a";

void test("what one puts the other gets, each time as it is now; unchanged it is the same object", async () => {
  await using redis = await startFakeRedis();
  using one = open(redis);
  using other = open(redis);

  const isKept = await one.things.update("a", () => kept(1));
  const first = await other.things.get("a");
  const again = await other.things.get("a");
  await one.things.update("a", () => kept(2));
  const [second, nothing] = await other.things.getMany(["a", "b"]);

  assert.equal(isKept, true);
  assert.deepEqual([first?.value, second?.value, nothing], [1, 2, undefined]);
  assert.equal(first, again);
});

void test("changes of two at the same time are all made", async () => {
  await using redis = await startFakeRedis();
  using one = open(redis);
  using other = open(redis);
  for (let turn = 0; turn < 20; turn += 1) {
    const done = await Promise.all([one.things.update("a", oneMore), other.things.update("a", oneMore)]);
    assert.deepEqual(done, [true, true]);
  }

  assert.equal((await one.things.get("a"))?.value, 40);
});

void test("a server that does not answer costs a second once; what it missed is written when it answers again", async () => {
  await using redis = await startFakeRedis();
  using store = open(redis);
  await store.things.update("a", () => kept(1));
  redis.behave(() => "silence");

  const began = performance.now();
  const isKept = await store.things.update("a", () => kept(2));
  const first = performance.now() - began;
  const known = await store.things.get("a");
  const later = performance.now() - began - first;
  const missed = redis.values.get(KEY);
  redis.behave(() => "as Redis");
  await soon(() => assert.deepEqual(store.told, ["unavailable", "recovered"]));
  await soon(() => assert.match(redis.values.get(KEY) ?? "", /"value":2/u));

  assert.equal(isKept, false);
  assert.equal(known?.value, 2, "memory answers meanwhile");
  assert.match(missed ?? "", /"value":1/u);
  assert.ok(first < 1500 && later < 1500, `expected about a second, found ${first} ms and then ${later} ms`);
});

void test("what was put here while the server was away does not take the place of what another put later", async () => {
  await using redis = await startFakeRedis();
  using store = open(redis);
  await store.things.update("a", () => kept(1));
  await redis.close();

  await store.things.update("a", () => kept(2));
  redis.values.set(KEY, JSON.stringify(kept(3)));
  await redis.open();
  await soon(() => assert.deepEqual(store.told, ["unavailable", "recovered"]));

  assert.equal((await store.things.get("a"))?.value, 3);
  assert.match(redis.values.get(KEY) ?? "", /"value":3/u);
});

void test("a server that forgot what it had acknowledged is told again", async () => {
  await using redis = await startFakeRedis();
  using store = open(redis);
  await store.things.update("a", () => kept(1));
  redis.values.clear();

  assert.equal((await store.things.get("a"))?.value, 1);
  await soon(() => assert.match(redis.values.get(KEY) ?? "", /"value":1/u));
});

void test("a server that comes back empty is told again what it had acknowledged, without being asked for it", async () => {
  await using redis = await startFakeRedis();
  using store = open(redis);
  for (let key = 0; key < 300; key += 1) await store.things.update(`a-${key}`, () => kept(key));
  await redis.close();
  const size = redis.values.size;
  redis.values.clear();
  await redis.open();

  await soon(() => assert.equal(redis.values.size, size));
});

void test("after a failover the server is looked for anew", async () => {
  await using redis = await startFakeRedis();
  using store = open(redis);
  await store.things.update("a", () => kept(1));
  const before = redis.connections();
  redis.behave(([name]) =>
    name === "EVAL" && redis.connections() === before ? { reply: "-READONLY a replica\r\n" } : "as Redis",
  );

  assert.equal(await store.things.update("a", () => kept(2)), false);
  await soon(() => assert.deepEqual(store.told, ["unavailable", "recovered"]));
  assert.equal(await store.things.update("a", () => kept(3)), true);
});

void test("of two exporters whose clocks differ by an hour, the one that is behind is heard as well", async () => {
  await using redis = await startFakeRedis();
  using ahead = open(redis);
  using behind = open(redis);
  await ahead.things.update("a", () => ({ value: "first", keptAt: 3_600_000 }));

  await behind.things.update("a", () => ({ value: "second", keptAt: 0 }));

  assert.equal((await ahead.things.get("a"))?.value, "second");
});

for (const refusal of [
  "READONLY You can't write against a read only replica.",
  "OOM command not allowed when used memory > 'maxmemory'.",
  "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.",
]) {
  void test(`a server that says ${refusal.split(" ")[0]} is read on; nothing is called kept until it takes it`, async () => {
    await using redis = await startFakeRedis();
    using writer = open(redis);
    using store = open(redis);
    await store.things.update("a", () => kept(1));
    redis.behave(([name]) => (name === "EVAL" ? { reply: `-${refusal}\r\n` } : "as Redis"));

    const isKept = await store.things.update("b", () => kept(2));
    const read = await writer.things.get("a");
    redis.behave(() => "as Redis");
    await soon(() => assert.match(redis.values.get("status-exporter:things:b") ?? "", /"value":2/u));

    assert.equal(isKept, false);
    assert.equal(read?.value, 1);
    assert.deepEqual(store.told, ["unavailable", "recovered"]);
    assert.ok(store.details[0]?.includes(refusal), store.details[0]);
  });
}

for (const [what, reply] of Object.entries({
  "speaks HTTP": "HTTP/1.1 400 Bad Request\r\n\r\n",
  "says OK to everything, and more than it is asked": "+OK\r\n+OK\r\n+OK\r\n",
  "answers with numbers": ":1\r\n",
  "answers with nothing": "$-1\r\n",
  "nests its answers without end": "*1\r\n".repeat(100_000),
})) {
  void test(`a server that ${what} keeps nothing, and is told once`, async () => {
    await using redis = await startFakeRedis();
    redis.behave(() => ({ reply }));
    using store = open(redis);

    const isKept = await store.things.update("a", () => kept(1));
    const known = await store.things.get("a");

    assert.equal(isKept, false);
    assert.equal(known?.value, 1);
    assert.deepEqual(store.told, ["unavailable"]);
  });
}

void test("user, password and database are told to the server; an echo of the password is not told to the log", async () => {
  await using redis = await startFakeRedis();
  const commands = redis.commands;
  redis.behave(([name, ...rest]) =>
    name === "AUTH"
      ? { reply: `-ERR unknown command AUTH, with args beginning with: ${rest.join(" ")}\r\n` }
      : "as Redis",
  );
  using store = open(redis, "exporter:s%40crets%21@", 3);

  await store.things.get("a");

  assert.deepEqual(commands[0], ["AUTH", "exporter", "s@crets!"]);
  assert.match(store.details[0] ?? "", /^redis:\/\/127\.0\.0\.1:\d+\/3: .*beginning with: exporter <secret>/u);
  assert.ok(!store.details.join().includes("s@crets!"));

  redis.behave(() => "as Redis");
  await soon(() => assert.deepEqual(store.told, ["unavailable", "recovered"]));
  assert.ok(commands.some((command) => command.join(" ") === "SELECT 3"));
});

void test("time is deaf from the last good answer until the next, and does not count otherwise", async () => {
  await using redis = await startFakeRedis();
  let now = 1_000_000;
  using store = open(redis, "", 0, () => now);
  await store.things.get("a");
  assert.equal(store.store.deafMilliseconds(), 0);

  await redis.close();
  now += 7_000;
  await soon(() => assert.deepEqual(store.told, ["unavailable"]));
  assert.equal(store.store.deafMilliseconds(), 7_000);
  now += 3_000;
  await redis.open();
  await soon(() => assert.deepEqual(store.told, ["unavailable", "recovered"]));
  now += 60_000;

  assert.equal(store.store.deafMilliseconds(), 10_000);
});

void test("a server that can be read but not written is as good as deaf: nobody's reports are kept", async () => {
  await using redis = await startFakeRedis();
  let now = 1_000_000;
  using store = open(redis, "", 0, () => now);
  await store.things.get("a");
  redis.behave(([name]) => (name === "EVAL" ? { reply: "-READONLY a replica\r\n" } : "as Redis"));
  await store.things.update("a", () => kept(1));

  now += 60_000;
  await store.things.get("b");

  assert.equal(store.store.deafMilliseconds(), 60_000);
});

void test("nothing is connected before the store is used", async () => {
  await using redis = await startFakeRedis();
  using _ = open(redis);

  assert.deepEqual(redis.commands, []);
});

/** A server that was away is tried again after half a second, then after one and two. */
function soon(assertion: () => void): Promise<void> {
  return eventually(assertion, { milliseconds: 10_000 });
}

interface OpenStore extends Disposable {
  readonly store: KeyValueStore;
  readonly things: KeyValueNamespace;
  readonly told: readonly string[];
  readonly details: readonly string[];
}

function open({ port }: FakeRedis, user = "", database = 0, now: () => number = Date.now): OpenStore {
  const told: string[] = [];
  const details: string[] = [];
  const store = createRedisStore({
    address: readRedisUrl(`redis://${user}127.0.0.1:${port}/${database}`),
    now,
    observer: {
      onFault(kind, detail) {
        told.push(kind);
        details.push(detail);
      },
      onRecovery: () => void told.push("recovered"),
    },
  });
  return {
    store,
    things: store.namespace("things"),
    told,
    details,
    [Symbol.dispose]: () => store[Symbol.dispose](),
  };
}

/** Numbers are put in their order. */
function kept(value: number): Kept {
  return { value, keptAt: value };
}

function oneMore(before: Kept | undefined): Kept {
  return kept(Number(before?.value ?? 0) + 1);
}
