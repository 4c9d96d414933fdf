import assert from "node:assert/strict";
import { test } from "node:test";
import { documentedCodes } from "../../src/catalogue/documented-codes.ts";
import { createOwnMetrics, type OwnMetrics, type OwnMetricsOptions } from "../../src/exposition/own-metrics.ts";
import { makeReport } from "../web/fixture.ts";

function create(
  lastReload: OwnMetricsOptions["lastReload"] = () => ({ successful: true, succeededAt: 0 }),
): OwnMetrics {
  return createOwnMetrics({
    version: "1.2.3",
    nodeVersion: "24.0.0",
    codes: documentedCodes(),
    icmpMethod: "datagram",
    lastReload,
  });
}

test("counts probes by module, protocol and outcome", async () => {
  const metrics = create();
  for (const outcome of ["success", "success", "connect/refused"] as const) {
    metrics.probeStarted();
    metrics.probeEnded(makeReport({ outcome }));
  }

  const text = await metrics.render("prometheus");

  const counted = linesOf(text, "status_exporter_probes_total");
  assert.deepEqual(counted, [
    'status_exporter_probes_total{module="http_2xx",outcome="success",protocol="http"} 2',
    'status_exporter_probes_total{module="http_2xx",outcome="connect/refused",protocol="http"} 1',
  ]);
  assert.match(text, /^status_exporter_probe_duration_seconds_bucket\{le="0\.25",protocol="http"\} 3$/m);
  assert.match(text, /^status_exporter_probe_duration_seconds_count\{protocol="http"\} 3$/m);
});

test("says how echo requests are sent", async () => {
  const text = await create().render("prometheus");

  assert.deepEqual(linesOf(text, "status_exporter_icmp_method_info"), [
    'status_exporter_icmp_method_info{method="datagram"} 1',
  ]);
});

test("says whether the file of the storage can be used, and counts its faults", async () => {
  const metrics = create();
  metrics.storeFailed("corrupt");
  metrics.storeFailed("unavailable");
  const broken = await metrics.render("prometheus");
  metrics.storeRecovered();
  const mended = await metrics.render("prometheus");

  assert.match(broken, /^status_exporter_storage_usable 0$/m);
  assert.match(mended, /^status_exporter_storage_usable 1$/m);
  assert.deepEqual(linesOf(mended, "status_exporter_storage_faults_total"), [
    'status_exporter_storage_faults_total{fault="corrupt"} 1',
    'status_exporter_storage_faults_total{fault="unavailable"} 1',
  ]);
});

test("does not make a label of a module's name that is not configured", async () => {
  const metrics = create();
  metrics.probeStarted();
  metrics.probeEnded(makeReport({ module: "whatever", subject: "any", outcome: "request/unknown-prober" }));

  const text = await metrics.render("prometheus");

  assert.doesNotMatch(text, /whatever/);
  assert.match(text, /^status_exporter_probes_total\{module="",outcome="request\/unknown-prober",protocol=""\} 1$/m);
});

test("counts a cancelled probe as cancelled only", async () => {
  const metrics = create();
  metrics.probeStarted();
  metrics.probeStarted();
  metrics.probeEnded(makeReport({ cancelled: true, outcome: "connect/timeout" }));

  const text = await metrics.render("prometheus");

  assert.match(text, /^status_exporter_probes_cancelled_total 1$/m);
  assert.match(text, /^status_exporter_probes_in_flight 1$/m);
  assert.deepEqual(linesOf(text, "status_exporter_probes_total"), []);
});

test("tells whether the last load of the configuration went well, and when one last did", async () => {
  const metrics = create(() => ({ successful: false, succeededAt: 1_700_000_000.5 }));
  metrics.configurationReloaded("success");
  metrics.configurationReloaded("failure");
  metrics.configurationReloaded("failure");

  const text = await metrics.render("prometheus");

  assert.match(text, /^status_exporter_config_last_reload_successful 0$/m);
  assert.match(text, /^status_exporter_config_last_reload_success_timestamp_seconds 1\.7000000005e\+09$/m);
  assert.match(text, /^status_exporter_config_reloads_total\{result="success"\} 1$/m);
  assert.match(text, /^status_exporter_config_reloads_total\{result="failure"\} 2$/m);
});

test("invents no time for a configuration that was never loaded", async () => {
  const text = await create(() => ({ successful: false, succeededAt: undefined })).render("prometheus");

  assert.doesNotMatch(text, /last_reload_success_timestamp_seconds/);
});

test("lists every documented code, the process and the build", async () => {
  const text = await create().render("prometheus");

  assert.equal(linesOf(text, "status_code_info").length, documentedCodes().length);
  assert.match(text, /^status_exporter_build_info\{node_version="24\.0\.0",version="1\.2\.3"\} 1$/m);
  assert.match(text, /^process_resident_memory_bytes \d/m);
  assert.match(text, /^nodejs_heap_size_used_bytes \d/m);
});

test("gives both formats at once, each whole", async () => {
  const metrics = create();

  const [openmetrics, prometheus] = await Promise.all([metrics.render("openmetrics"), metrics.render("prometheus")]);

  assert.ok(openmetrics.endsWith("# EOF\n"));
  assert.match(openmetrics, /^# TYPE status_exporter_probes_cancelled counter$/m);
  assert.match(openmetrics, /^status_exporter_probes_cancelled_total 0\.0$/m);
  assert.doesNotMatch(prometheus, /# EOF/);
  assert.match(prometheus, /^# TYPE status_exporter_probes_cancelled_total counter$/m);
});

test("calls nothing but counters _total", async () => {
  const text = await create().render("prometheus");

  const misnamed = text.split("\n").filter((line) => /^# TYPE \S+_total (?!counter)/.test(line));

  assert.deepEqual(misnamed, []);
});

function linesOf(text: string, name: string): readonly string[] {
  return text.split("\n").filter((line) => line.startsWith(`${name}{`));
}
