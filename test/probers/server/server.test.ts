import assert from "node:assert/strict";
import { test } from "node:test";
import type { KeyValueStore } from "../../../src/outcome/key-value-store.ts";
import type { Report } from "../../../src/outcome/report.ts";
import { createMemoryStore } from "../../../src/storage/memory-store.ts";
import { valueOf } from "../../support/run-probe.ts";
import { BEGIN, openDesk } from "./desk.ts";

/** Everything that a report can tell. */
const REPORT = {
  agent: "test/1",
  hostname: "web-1.example.com",
  operating_system: "Debian GNU/Linux 13",
  kernel: "6.12.1",
  uptime: 1000,
  load_average: [1, 2, 3],
  cpu: { count: 4, total_seconds: 4000, idle_seconds: 3000 },
  memory: { total_bytes: 1000, available_bytes: 400 },
  swap: { total_bytes: 100, free_bytes: 75 },
  file_systems: [
    { mountpoint: "/", size_bytes: 1000, free_bytes: 300, available_bytes: 200 },
    { mountpoint: "/data", size_bytes: 1000, available_bytes: 900 },
  ],
  network: [
    { device: "eth0", receive_bytes: 1000, transmit_bytes: 2000 },
    { device: "lo", receive_bytes: 5, transmit_bytes: 5 },
  ],
} as const;

/** The same server ten seconds later. */
const LATER = {
  ...REPORT,
  uptime: 1010,
  cpu: { count: 4, total_seconds: 4040, idle_seconds: 3010 },
  network: [
    { device: "eth0", receive_bytes: 2000, transmit_bytes: 7000 },
    { device: "lo", receive_bytes: 1_000_000, transmit_bytes: 1_000_000 },
  ],
} as const;

void test("a server that has never reported is pending, which is no failure of it", async () => {
  const report = await openDesk({}).probe();

  assert.equal(report.outcome, "state/pending");
  assert.equal(report.detail, "No report of web-1 has come in yet");
  assert.equal(valueOf(report, "probe_server_last_report_timestamp_seconds"), undefined);
});

void test("a server that is not configured is a fault of the request", async () => {
  const report = await openDesk({}).probe("web-9");

  assert.equal(report.outcome, "request/parameter-missing");
});

void test("a report becomes metrics, without those that two reports are needed for", async () => {
  const desk = openDesk({ report_interval: "30s" });
  await desk.receive(REPORT);

  const report = await desk.probe();

  assert.equal(report.outcome, "success");
  assert.deepEqual(measured(report), {
    probe_server_report_interval_seconds: 30,
    probe_server_last_report_timestamp_seconds: BEGIN / 1000,
    "probe_server_info web-1.example.com Debian GNU/Linux 13 6.12.1 test/1": 1,
    probe_server_uptime_seconds: 1000,
    "probe_server_load 1m": 1,
    "probe_server_load 5m": 2,
    "probe_server_load 15m": 3,
    probe_server_cpus: 4,
    probe_server_memory_total_bytes: 1000,
    probe_server_memory_available_bytes: 400,
    probe_server_memory_usage_ratio: 0.6,
    probe_server_swap_total_bytes: 100,
    probe_server_swap_usage_ratio: 0.25,
    "probe_server_storage_size_bytes /": 1000,
    "probe_server_storage_available_bytes /": 200,
    "probe_server_storage_size_bytes /data": 1000,
    "probe_server_storage_available_bytes /data": 900,
    "probe_server_storage_usage_ratio /": 700 / 900,
    "probe_server_storage_usage_ratio /data": 0.1,
  });
});

void test("the second report gives what is used of the processors and of the network", async () => {
  const desk = openDesk({});
  await desk.receive(REPORT);
  await desk.receive(LATER);

  const values = measured(await desk.probe());

  assert.equal(values["probe_server_cpu_usage_ratio"], 0.75);
  assert.equal(values["probe_server_network_receive_bytes_per_second eth0"], 100);
  assert.equal(values["probe_server_network_transmit_bytes_per_second eth0"], 500);
});

for (const { what, later } of [
  { what: "the server was restarted", later: { ...LATER, uptime: 5 } },
  {
    what: "counters went back",
    later: { ...LATER, network: REPORT.network.map((one) => ({ ...one, receive_bytes: 0 })) },
  },
  { what: "a device is new", later: { ...LATER, network: [{ device: "eth1", receive_bytes: 9, transmit_bytes: 9 }] } },
]) {
  void test(`there are no rates where ${what}`, async () => {
    const desk = openDesk({ thresholds: { bandwidth_in: "1bit/s" } });
    await desk.receive(REPORT);
    await desk.receive(later);

    const report = await desk.probe();

    assert.equal(report.outcome, "success");
    assert.equal(valueOf(report, "probe_server_network_receive_bytes_per_second"), undefined);
    assert.equal(valueOf(report, "probe_server_threshold_exceeded"), undefined);
  });
}

for (const { thresholds, outcome, detail } of [
  { thresholds: { load: 1.9 }, outcome: "server/load", detail: "The load is 2, more than 1.9" },
  {
    thresholds: { cpu: "74%" },
    outcome: "server/cpu",
    detail: "75.0% of the processors' time is used, more than 74.0%",
  },
  { thresholds: { memory: "50%" }, outcome: "server/memory", detail: "60.0% of the memory is used, more than 50.0%" },
  { thresholds: { storage: "70%" }, outcome: "server/storage", detail: "77.8% of / is full, more than 70.0%" },
  {
    thresholds: { bandwidth_out: "3.9kbit/s" },
    outcome: "server/bandwidth-out",
    detail: "The sending rate of eth0 is 0.004 Mbit/s, more than 0.004 Mbit/s",
  },
  {
    thresholds: { bandwidth_in: "0.5kbit/s" },
    outcome: "server/bandwidth-in",
    detail: "The receiving rate of eth0 is 0.001 Mbit/s, more than 0.001 Mbit/s",
  },
]) {
  void test(`${JSON.stringify(thresholds)} is exceeded: ${outcome}`, async () => {
    const desk = openDesk({ thresholds });
    await desk.receive(REPORT);
    await desk.receive(LATER);

    const report = await desk.probe();

    assert.equal(report.outcome, outcome);
    assert.equal(report.detail, detail);
    assert.equal(valueOf(report, "probe_server_threshold_exceeded"), 1);
  });
}

void test("a limit that is just reached is not exceeded", async () => {
  const desk = openDesk({ load_period: "1m", thresholds: { load: 1, memory: "60%", storage: 0.8 } });
  await desk.receive(REPORT);

  const report = await desk.probe();

  assert.equal(report.outcome, "success");
  assert.deepEqual(measured(report)["probe_server_threshold memory"], 0.6);
  assert.deepEqual(measured(report)["probe_server_threshold_exceeded memory"], 0);
});

void test("of several limits the first in Hitflow's order decides, and every one has its series", async () => {
  const desk = openDesk({ thresholds: { storage: "1%", memory: "1%", load: 100 } });
  await desk.receive(REPORT);

  const report = await desk.probe();
  const values = measured(report);

  assert.equal(report.outcome, "server/memory");
  assert.deepEqual(
    ["load", "memory", "storage"].map((name) => values[`probe_server_threshold_exceeded ${name}`]),
    [0, 1, 1],
  );
});

void test("a report is late only after the interval and the grace", async () => {
  const desk = openDesk({ report_interval: "60s", grace: "30s" });
  await desk.receive(REPORT);
  desk.pass(90);
  const before = await desk.probe();
  desk.pass(1);
  const after = await desk.probe();

  assert.equal(before.outcome, "success");
  assert.equal(after.outcome, "server/report-missing");
  assert.equal(after.detail, "No report has come in for 91 s, 90 s are allowed");
});

void test("the figures of a late report are dropped, its time stays", async () => {
  const desk = openDesk({ thresholds: { load: 1 } });
  await desk.receive(REPORT);
  desk.pass(3600);

  assert.deepEqual(measured(await desk.probe()), {
    probe_server_report_interval_seconds: 60,
    probe_server_last_report_timestamp_seconds: BEGIN / 1000,
  });
});

void test("reports survive a restart, the one before the last too", async () => {
  const store = createMemoryStore();
  const first = openDesk({}, { store });
  await first.receive(REPORT);
  await first.receive(LATER);

  const report = await openDesk({}, { store, begin: first.now() * 1000 + 5000 }).probe();

  assert.equal(report.outcome, "success");
  assert.equal(measured(report)["probe_server_cpu_usage_ratio"], 0.75);
});

void test("a restart is no silence of the server: what was down does not count, what was silent before does", async () => {
  const store = createMemoryStore();
  const first = openDesk({ report_interval: "60s", grace: "30s" }, { store });
  await first.receive(REPORT);
  first.pass(60);
  await first.probe();
  first.pass(3600);
  const second = openDesk({ report_interval: "60s", grace: "30s" }, { store, begin: first.now() * 1000 });

  const atStart = await second.probe();
  second.pass(29);
  const before = await second.probe();
  second.pass(2);
  const after = await second.probe();

  assert.deepEqual([atStart.outcome, before.outcome, after.outcome], ["success", "success", "server/report-missing"]);
});

void test("a server that was late before a restart is late after it at once", async () => {
  const store = createMemoryStore();
  const first = openDesk({}, { store });
  await first.receive(REPORT);
  first.pass(3600);
  await first.probe();

  const report = await openDesk({}, { store, begin: first.now() * 1000 + 10_000 }).probe();

  assert.equal(report.outcome, "server/report-missing");
});

void test("a time of day that jumps back makes no report late, and none young for ever", async () => {
  const desk = openDesk({});
  await desk.receive(REPORT);
  desk.pass(-86_400);
  const before = await desk.probe();
  desk.pass(91);
  const after = await desk.probe();

  assert.deepEqual([before.outcome, after.outcome], ["success", "server/report-missing"]);
});

void test("a report that is sent again after its acknowledgement was lost does not become the one before", async () => {
  const desk = openDesk({});
  await desk.receive({ ...REPORT, sent_at: BEGIN / 1000 });
  await desk.receive({ ...LATER, sent_at: BEGIN / 1000 + 10 });
  await desk.receive({ ...LATER, sent_at: BEGIN / 1000 + 10 });

  assert.equal(measured(await desk.probe())["probe_server_cpu_usage_ratio"], 0.75);
});

void test("a report that cannot be kept is judged, but not acknowledged", async () => {
  const desk = openDesk({ thresholds: { load: 1 } }, { store: fullStore() });

  const receipt = await desk.receive(REPORT);

  assert.deepEqual([receipt.kind, "reason" in receipt ? receipt.reason : ""], ["refused", "not-stored"]);
  assert.equal((await desk.probe()).outcome, "server/load");
});

void test("a clock that is a minute ahead is borne, more is not", async () => {
  const desk = openDesk({});

  const borne = await desk.receive({ ...REPORT, sent_at: BEGIN / 1000 + 60 });
  const refused = await desk.receive({ ...REPORT, sent_at: BEGIN / 1000 + 61 });

  assert.equal(borne.kind, "stored");
  assert.deepEqual(refused, {
    kind: "refused",
    reason: "clock-ahead",
    detail: "The report is from the future: the clock of the server is 61 s ahead",
  });
});

for (const [what, report, told] of [
  ["no JSON", "{", /^malformed: The report is not JSON$/],
  ["a list", "[]", /: the whole: expected an object$/],
  ["nothing that could be judged", "{}", /: the whole: expected at least one of load_average, cpu, memory, /],
  [
    "a negative size",
    { memory: { total_bytes: -1, available_bytes: 0 } },
    /: memory\.total_bytes: expected more than 0$/,
  ],
  ["an infinite number", '{"load_average":[1e999,0,0]}', /: load_average\.0: expected a number$/],
  ["two numbers where there are three", { load_average: [1, 2] }, /: load_average: expected three numbers$/],
  ["numbers as text", { load_average: ["1", "2", "3"] }, /: load_average\.0: expected a number; load_average\.1: /],
  ["half of the memory", { memory: { total_bytes: 1 } }, /: memory\.available_bytes: expected a number$/],
  [
    "half of the processors' counters",
    { cpu: { total_seconds: 1 } },
    /: cpu: expected total_seconds and idle_seconds, or neither$/,
  ],
  ["a long host name", { ...REPORT, hostname: "x".repeat(256) }, /: hostname: expected at most 255 characters$/],
  ["a host name of two lines", { ...REPORT, hostname: "a\nb" }, /: hostname: expected no control characters$/],
  [
    "a system's name of 33 characters",
    { ...REPORT, operating_system: "x".repeat(33) },
    /: operating_system: expected at most 32 characters$/,
  ],
  ["an uptime below zero", { ...REPORT, uptime: -1 }, /: uptime: expected 0 or more$/],
  [
    "a file system without a name",
    { file_systems: [{ mountpoint: "", size_bytes: 1, available_bytes: 1 }] },
    /: file_systems\.0\.mountpoint: expected a name$/,
  ],
  [
    "101 file systems",
    {
      file_systems: Array.from({ length: 101 }, (_, n) => ({ mountpoint: `/${n}`, size_bytes: 1, available_bytes: 1 })),
    },
    /: file_systems: expected at most 100 entries$/,
  ],
] as const) {
  void test(`a report with ${what} is refused with the reason, and changes nothing`, async () => {
    const desk = openDesk({});

    const receipt = await desk.receive(report);

    assert.match(receipt.kind === "refused" ? `${receipt.reason}: ${receipt.detail}` : receipt.kind, told);
    assert.equal((await desk.probe()).outcome, "state/pending");
  });
}

void test("what a report has beyond what is known is ignored", async () => {
  assert.equal((await openDesk({}).receive({ ...REPORT, temperature: { core: 50 } })).kind, "stored");
});

/** The values by name and labels. */
function measured({ measurements }: Report): Readonly<Record<string, number>> {
  return Object.fromEntries(
    measurements.map(({ name, labels, value }) => [[name, ...Object.values(labels)].join(" "), value]),
  );
}

function fullStore(): KeyValueStore {
  const store = createMemoryStore();
  return {
    namespace(name) {
      const namespace = store.namespace(name);
      return {
        ...namespace,
        async update(key, change) {
          await namespace.update(key, change);
          return false;
        },
      };
    },
    deafMilliseconds: () => 0,
    [Symbol.dispose]: () => store[Symbol.dispose](),
  };
}
