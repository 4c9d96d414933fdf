import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { z } from "zod";
import { ProbeFailure } from "../../../src/outcome/probe-failure.ts";
import { type Known, type LookUp, RefreshingCache } from "../../../src/probers/domain/refreshing-cache.ts";
import { Paused } from "../../../src/probers/domain/registry-queue.ts";
import { createMemoryStore } from "../../../src/storage/memory-store.ts";
import { createFakeClock, type FakeClock } from "./fake-clock.ts";

const HOUR = 3600;

void test("an answer is asked for once, however many ask, and again when it is due", async () => {
  const { clock, cache } = newCache();
  const calls: number[] = [];
  const lookUp = answering(calls);

  const both = await Promise.all([cache.ask("a", lookUp), cache.ask("a", lookUp)]);
  await Promise.all(both.map(({ settled }) => settled));
  clock.advance(23 * HOUR);
  await (await cache.ask("a", lookUp)).settled;
  assert.equal(calls.length, 1);

  clock.advance(2 * HOUR);
  const asked = await cache.ask("a", lookUp);
  assert.equal(asked.known().answer?.value, 1, "the old answer serves while the new one is on its way");
  await asked.settled;

  assert.equal(asked.known().answer?.value, 2);
});

void test("answers are renewed a tenth of the time earlier or later, so that they do not stay together", async () => {
  for (const [chance, hours] of [
    [0, 21.6],
    [0.999_999, 26.4],
  ] as const) {
    const { clock, cache } = newCache(createFakeClock(() => chance));
    const asked = await cache.ask("a", answering([]));
    await asked.settled;

    const after = ((asked.known().answer?.refreshAt ?? 0) - clock.now()) / 1000 / HOUR;
    assert.ok(Math.abs(after - hours) < 0.01, `expected ${hours} h, found ${after} h`);
  }
});

void test("failures are retried after 15 minutes, then ever more rarely, once a day in the end", async () => {
  const { clock, cache } = newCache();
  const waits: number[] = [];
  for (let failures = 0; failures < 9; failures += 1) {
    const asked = await cache.ask("a", failing());
    await asked.settled;
    const retryAt = asked.known().failure?.retryAt ?? 0;
    waits.push((retryAt - clock.now()) / 60_000);
    clock.advance((retryAt - clock.now()) / 1000);
  }

  assert.deepEqual(waits, [15, 30, 60, 120, 240, 480, 960, 1440, 1440]);
});

void test("a failure leaves the last answer where it was, and is not repeated at once", async () => {
  const { clock, cache } = newCache();
  await (await cache.ask("a", answering([]))).settled;
  clock.advance(25 * HOUR);
  const calls: number[] = [];

  const asked = await cache.ask("a", failing(calls));
  await asked.settled;
  await (await cache.ask("a", failing(calls))).settled;

  assert.equal(asked.known().answer?.value, 1);
  assert.equal(asked.known().failure?.outcome, "registry/unavailable");
  assert.equal(calls.length, 1);
});

void test("a registry that wants to be left alone for six hours is", async () => {
  const { clock, cache } = newCache();

  const asked = await cache.ask("a", failing([], new Paused("rdap.test", 6 * HOUR)));
  await asked.settled;

  assert.equal(((asked.known().failure?.retryAt ?? 0) - clock.now()) / 1000, 6 * HOUR);
});

void test("a fault of this host is tried again after a minute", async () => {
  const { clock, cache } = newCache();
  const fault = Object.assign(new Error("too many open files"), { code: "EMFILE", syscall: "connect" });

  const asked = await cache.ask("a", failing([], fault));
  await asked.settled;

  assert.equal(asked.known().failure?.outcome, "local/no-socket");
  assert.equal(((asked.known().failure?.retryAt ?? 0) - clock.now()) / 1000, 60);
});

void test("answers and failures survive a restart", async () => {
  const clock = createFakeClock();
  const store = createMemoryStore();
  const before = newCache(clock, store).cache;
  await (await before.ask("a", answering([]))).settled;
  await (await before.ask("b", failing())).settled;
  const calls: number[] = [];

  const after = newCache(clock, store).cache;
  const a = await after.ask("a", answering(calls));
  const b = await after.ask("b", failing(calls));

  assert.equal(a.known().answer?.value, 1);
  assert.equal(b.known().failure?.count, 1);
  assert.deepEqual(calls, []);
});

void test("what an earlier version wrote in another form counts as absent", async () => {
  const store = createMemoryStore();
  await store.namespace("test").update("a", () => ({ value: { answer: "something else" }, keptAt: 1 }));
  const { cache } = newCache(createFakeClock(), store);

  const asked = await cache.ask("a", answering([]));
  await asked.settled;

  assert.equal(asked.known().answer?.value, 1);
});

void test("what one exporter was answered another with the same store does not ask, and shows it when it is renewed", async () => {
  const clock = createFakeClock();
  const store = createMemoryStore();
  const one = newCache(clock, store).cache;
  const other = newCache(clock, store).cache;
  await (await one.ask("a", answering([]))).settled;
  const calls: number[] = [];

  const first = (await other.ask("a", answering(calls))).known().answer?.value;
  clock.advance(25 * HOUR);
  await (await one.ask("a", answering([]))).settled;
  const second = (await other.ask("a", answering(calls))).known().answer?.value;

  assert.deepEqual([first, second, calls], [1, 2, []]);
});

void test("a failure does not take the place of what another exporter was answered meanwhile", async () => {
  const clock = createFakeClock();
  const store = createMemoryStore();
  const one = newCache(clock, store).cache;
  const other = newCache(clock, store).cache;
  const failed = await other.ask("a", {
    ...failing(),
    work: async () => {
      await (await one.ask("a", answering([]))).settled;
      throw new ProbeFailure("registry/unavailable", { detail: "down" });
    },
  });

  await failed.settled;

  assert.deepEqual([failed.known().answer?.value, failed.known().failure], [1, undefined]);
  assert.equal((await one.ask("a", answering([]))).known().failure, undefined);
});

function newCache(clock: FakeClock = createFakeClock(), store = createMemoryStore()) {
  return { clock, cache: new RefreshingCache({ clock, store: store.namespace("test"), value: z.number() }) };
}

function answering(calls: number[]): LookUp<number> {
  return {
    work: async (known: Known<number>) => {
      calls.push(1);
      await nextTurn();
      return (known.answer?.value ?? 0) + 1;
    },
    freshFor: () => ({ seconds: 24 * HOUR }),
  };
}

function failing(
  calls: number[] = [],
  error: Error = new ProbeFailure("registry/unavailable", { detail: "down" }),
): LookUp<number> {
  return {
    work: async () => {
      calls.push(1);
      throw error;
    },
    freshFor: () => ({ seconds: 24 * HOUR }),
  };
}
