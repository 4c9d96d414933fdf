import assert from "node:assert/strict";
import { test } from "node:test";
import type { Report } from "../../../src/outcome/report.ts";
import { createMemoryStore } from "../../../src/storage/memory-store.ts";
import { BEGIN, type Desk, openDesk } from "./desk.ts";

const SETTINGS = { report_interval: "60s", grace: "0s", thresholds: { load: 5 } };
const BEGIN_SECONDS = BEGIN / 1000;

void test("a report to one exporter is judged by the other, the newest each time", async () => {
  const [one, other] = openTwo();
  await one.receive(report(0, { load: 1 }));
  const first = await other.probe();
  await one.receive(report(1, { load: 9 }));
  const second = await other.probe();

  assert.deepEqual([first.outcome, second.outcome], ["success", "server/load"]);
});

void test("rates are those between the last two reports, whichever exporter took them", async () => {
  const [one, other] = openTwo();
  await one.receive(report(0, { bytes: 1000 }));
  await other.receive(report(10, { bytes: 6000 }));

  for (const desk of [one, other]) assert.equal(received(await desk.probe()), 500);
});

void test("of two reports that two exporters take at the same time none is lost", async () => {
  const [one, other] = openTwo();

  await Promise.all([one.receive(report(0, { bytes: 1000 })), other.receive(report(10, { bytes: 6000 }))]);

  assert.equal(received(await one.probe()), 500);
});

void test("a report that another has overtaken changes nothing; one after a restart does, also if the clock was set back", async () => {
  const [one, other] = openTwo();
  await one.receive(report(0, { bytes: 1000 }));
  await one.receive(report(20, { bytes: 11_000 }));
  await other.receive(report(10, { bytes: 2000, load: 9 }));
  const overtaken = await one.probe();
  await other.receive({ ...report(30, { bytes: 0, load: 9 }), uptime: 1 });
  const restarted = await one.probe();

  assert.deepEqual([overtaken.outcome, received(overtaken)], ["success", 500]);
  assert.deepEqual([restarted.outcome, received(restarted)], ["server/load", undefined]);
});

void test("a server is late at both exporters at the same time, also at one that was started in between", async () => {
  const store = createMemoryStore();
  const first = openDesk(SETTINGS, { store });
  await first.receive(report(0, {}));
  first.pass(3600);
  await first.receive(report(3600, {}));
  first.pass(25);
  await first.probe();
  const second = openDesk(SETTINGS, { store, begin: first.now() * 1000 });
  const both = async (): Promise<readonly string[]> => [(await first.probe()).outcome, (await second.probe()).outcome];

  const atStart = await both();
  for (const desk of [first, second]) desk.pass(35);
  const lastMoment = await both();
  for (const desk of [first, second]) desk.pass(1);

  assert.deepEqual(atStart, ["success", "success"]);
  assert.deepEqual(lastMoment, ["success", "success"]);
  assert.deepEqual(await both(), ["server/report-missing", "server/report-missing"]);
});

void test("exporters whose times of day differ by an hour agree on how long a server is silent", async () => {
  const store = createMemoryStore();
  const first = openDesk(SETTINGS, { store });
  const second = openDesk(SETTINGS, { store, begin: BEGIN + 3_600_000 });
  await first.receive({ load_average: [1, 1, 1] });
  for (const desk of [first, second]) desk.pass(60);
  const lastMoment = [await first.probe(), await second.probe()];
  for (const desk of [first, second]) desk.pass(1);
  const late = [await first.probe(), await second.probe()];

  assert.deepEqual(outcomes(lastMoment), ["success", "success"]);
  assert.deepEqual(outcomes(late), ["server/report-missing", "server/report-missing"]);
});

void test("while one exporter is down the other one's time counts, so that a silence is no shorter for a restart", async () => {
  const store = createMemoryStore();
  const settings = { ...SETTINGS, report_interval: "600s" };
  const first = openDesk(settings, { store });
  await first.receive(report(0, {}));
  for (let minute = 0; minute < 10; minute += 1) {
    first.pass(60);
    await first.probe();
  }

  const second = openDesk(settings, { store, begin: first.now() * 1000 });
  second.pass(1);

  assert.equal((await second.probe()).outcome, "server/report-missing");
});

void test("while nothing can be heard through the store, no server falls silent", async () => {
  let deaf = 0;
  const store = { ...createMemoryStore(), deafMilliseconds: () => deaf };
  const desk = openDesk(SETTINGS, { store });
  await desk.receive(report(0, {}));
  desk.pass(50);
  const before = await desk.probe();
  desk.pass(3600);
  deaf += 3_600_000;
  const during = await desk.probe();
  desk.pass(10);
  const back = await desk.probe();
  desk.pass(1);
  const late = await desk.probe();

  assert.deepEqual(outcomes([before, during, back, late]), ["success", "success", "success", "server/report-missing"]);
});

/** Two exporters with the same store and the same time. */
function openTwo(): readonly [Desk, Desk] {
  const store = createMemoryStore();
  return [openDesk(SETTINGS, { store }), openDesk(SETTINGS, { store })];
}

/** A report that was sent so many seconds after the first. */
function report(seconds: number, { load = 1, bytes = 0 }: { readonly load?: number; readonly bytes?: number }) {
  return {
    sent_at: BEGIN_SECONDS + seconds - 3600,
    uptime: 1000 + seconds,
    load_average: [load, load, load],
    network: [{ device: "eth0", receive_bytes: bytes, transmit_bytes: bytes }],
  };
}

function received({ measurements }: Report): number | undefined {
  return measurements.find(({ name }) => name === "probe_server_network_receive_bytes_per_second")?.value;
}

function outcomes(reports: readonly Report[]): readonly string[] {
  return reports.map(({ outcome }) => outcome);
}
