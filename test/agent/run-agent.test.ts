import assert from "node:assert/strict";
import { test } from "node:test";
import { type AgentOptions, runAgent } from "../../src/agent/run-agent.ts";
import type { Delivery } from "../../src/agent/send-report.ts";

const TAKEN: Delivery = { kind: "taken" };
const AWAY: Delivery = { kind: "unavailable", detail: "connect ECONNREFUSED" };
const REFUSED: Delivery = { kind: "refused", detail: "401 wrong-token" };

void test("reports are sent one interval apart", async () => {
  const { sentAt } = await follow([TAKEN, TAKEN, TAKEN], { intervalSeconds: 60 });

  assert.deepEqual(sentAt, [0, 60, 120]);
});

void test("a report is sent again, less and less often, while the exporter is away and the next is not due", async () => {
  const { sentAt, collected } = await follow([AWAY, AWAY, AWAY, AWAY, TAKEN], { intervalSeconds: 10 });

  assert.deepEqual(sentAt, [0, 1, 3, 7, 10]);
  assert.equal(collected, 2);
});

void test("a report that is refused is not sent again, the next one is", async () => {
  const { sentAt } = await follow([REFUSED, TAKEN], { intervalSeconds: 60 });

  assert.deepEqual(sentAt, [0, 60]);
});

void test("a single report is tried for a minute at most", async () => {
  const { sentAt, code } = await follow(
    Array.from({ length: 20 }, () => AWAY),
    { mode: "once" },
  );

  assert.deepEqual(sentAt, [0, 1, 3, 7, 15, 31]);
  assert.equal(code, 1);
});

void test("a single report that is taken ends well", async () => {
  const { sentAt, code } = await follow([AWAY, TAKEN, TAKEN], { mode: "once" });

  assert.deepEqual([sentAt, code], [[0, 1], 0]);
});

/** Lets an agent run until what it is answered has run out; its waits pass at once. */
async function follow(
  answers: readonly Delivery[],
  changes: Partial<AgentOptions>,
): Promise<{ readonly sentAt: readonly number[]; readonly collected: number; readonly code: number }> {
  const stop = new AbortController();
  const sentAt: number[] = [];
  let now = 0;
  let collected = 0;
  const code = await runAgent({
    collect: () => {
      collected += 1;
      return Promise.resolve({});
    },
    send: () => {
      sentAt.push(now);
      if (sentAt.length === answers.length) stop.abort();
      return Promise.resolve(answers[sentAt.length - 1] ?? TAKEN);
    },
    intervalSeconds: 60,
    mode: "always",
    signal: stop.signal,
    now: () => now,
    sleep: (seconds, signal) => {
      if (signal.aborted) return Promise.reject(new Error("Aborted"));
      now += seconds;
      return Promise.resolve();
    },
    random: () => 1,
    log: () => undefined,
    ...changes,
  });
  return { sentAt, collected, code };
}
