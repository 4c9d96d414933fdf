import assert from "node:assert/strict";
import { getEventListeners, once } from "node:events";
import { test } from "node:test";
import { sleep, startDeadline } from "../../src/network/deadline.ts";

test("expires after its seconds, with a TimeoutError as the signal's reason", async () => {
  using deadline = startDeadline({ seconds: 0.01 });
  assert.equal(deadline.signal.aborted, false);
  await once(deadline.signal, "abort");
  assert.equal(deadline.expired, true);
  assert.equal(deadline.cancelled, false);
  assert.equal(deadline.signal.reason.name, "TimeoutError");
});

test("is cancelled, not expired, when the outer signal aborts first", () => {
  const asker = new AbortController();
  using deadline = startDeadline({ seconds: 60, signal: asker.signal });
  asker.abort(new Error("hung up"));
  assert.equal(deadline.cancelled, true);
  assert.equal(deadline.expired, false);
  assert.equal(deadline.signal.aborted, true);
  assert.equal(deadline.signal.reason.message, "hung up");
});

test("is cancelled from the start where the outer signal has aborted already", () => {
  using deadline = startDeadline({ seconds: 60, signal: AbortSignal.abort() });
  assert.equal(deadline.cancelled, true);
  assert.equal(deadline.signal.aborted, true);
});

for (const seconds of [0, -1, Number.NaN]) {
  test(`has expired already where there are ${seconds} seconds`, () => {
    using deadline = startDeadline({ seconds });
    assert.equal(deadline.expired, true);
    assert.equal(deadline.signal.aborted, true);
  });
}

test("leaves no listener on the outer signal, and no timer, once disposed", () => {
  const asker = new AbortController();
  const before = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const deadline = startDeadline({ seconds: 60, signal: asker.signal });
  assert.equal(getEventListeners(asker.signal, "abort").length, 1);
  deadline[Symbol.dispose]();
  assert.equal(getEventListeners(asker.signal, "abort").length, 0);
  assert.equal(process.getActiveResourcesInfo().filter((name) => name === "Timeout").length, before);
});

test("leaves no listener on the outer signal once expired", async () => {
  const asker = new AbortController();
  using deadline = startDeadline({ seconds: 0.005, signal: asker.signal });
  await once(deadline.signal, "abort");
  assert.equal(getEventListeners(asker.signal, "abort").length, 0);
});

test("stays what it was first: a cancellation after the expiry changes nothing", async () => {
  const asker = new AbortController();
  using deadline = startDeadline({ seconds: 0.005, signal: asker.signal });
  await once(deadline.signal, "abort");
  asker.abort();
  assert.equal(deadline.expired, true);
  assert.equal(deadline.cancelled, false);
});

test("does not fire at once where the seconds exceed what timers know", async () => {
  using long = startDeadline({ seconds: 1e9 });
  using short = startDeadline({ seconds: 0.02 });
  await once(short.signal, "abort");
  assert.equal(long.signal.aborted, false);
});

test("sleeps until its seconds have passed", async () => {
  const started = performance.now();
  await sleep(0.02, new AbortController().signal);
  assert.ok(performance.now() - started >= 19);
});

test("stops sleeping when the signal aborts, and takes its listener along", async () => {
  const controller = new AbortController();
  const sleeping = sleep(60, controller.signal);
  controller.abort();
  await assert.rejects(sleeping, { name: "AbortError" });
  assert.equal(getEventListeners(controller.signal, "abort").length, 0);
});
