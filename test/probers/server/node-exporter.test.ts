import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { readNodeExporter } from "../../../src/probers/server/node-exporter-figures.ts";
import { readExposition } from "../../../src/probers/server/read-exposition.ts";
import type { Settings } from "../../faults/fault.ts";
import { valueOf } from "../../support/run-probe.ts";
import { type Desk, openDesk } from "./desk.ts";

const TEXT = `# HELP node_load1 1m load average.
# TYPE node_load1 gauge
node_load1 0.5
node_load5 0.25
node_load15 0.1
node_cpu_seconds_total{cpu="0",mode="idle"} 900
node_cpu_seconds_total{cpu="0",mode="iowait"} 50
node_cpu_seconds_total{cpu="0",mode="user"} 50
node_cpu_seconds_total{cpu="1",mode="idle"} 1e+03
node_memory_MemTotal_bytes 1e+06
node_memory_MemAvailable_bytes 250000
node_memory_SwapTotal_bytes 0
node_memory_SwapFree_bytes 0
node_filesystem_size_bytes{device="/dev/sda1",device_error="",fstype="ext4",mountpoint="/"} 1000
node_filesystem_free_bytes{device="/dev/sda1",device_error="",fstype="ext4",mountpoint="/"} 300
node_filesystem_avail_bytes{device="/dev/sda1",device_error="",fstype="ext4",mountpoint="/"} 200
node_filesystem_size_bytes{device="/dev/loop0",fstype="squashfs",mountpoint="/snap"} 1000
node_filesystem_avail_bytes{device="/dev/loop0",fstype="squashfs",mountpoint="/snap"} 0
node_network_receive_bytes_total{device="eth0"} 100
node_network_transmit_bytes_total{device="eth0"} 200
node_time_seconds 1000
node_boot_time_seconds 400
node_uname_info{domainname="(none)",machine="x86_64",nodename="db-1",release="6.12",sysname="Linux",version="#1"} 1
node_os_info{pretty_name="Debian GNU/Linux 13 (trixie)"} 1
node_other 1
`;

void test("the figures of a server are read from what its node_exporter says", () => {
  assert.deepEqual(readNodeExporter(TEXT), {
    identity: {
      hostname: "db-1",
      operatingSystem: "Debian GNU/Linux 13 (trixie)",
      kernel: "6.12",
      agent: "node_exporter",
    },
    uptimeSeconds: 600,
    load: { "1m": 0.5, "5m": 0.25, "15m": 0.1 },
    cpu: { count: 2, counters: { totalSeconds: 2000, idleSeconds: 1950 } },
    memory: { totalBytes: 1_000_000, availableBytes: 250_000 },
    swap: { totalBytes: 0, freeBytes: 0 },
    fileSystems: [{ mountpoint: "/", sizeBytes: 1000, freeBytes: 300, availableBytes: 200 }],
    network: [{ device: "eth0", receiveBytes: 100, transmitBytes: 200 }],
  });
});

void test("a text without a server's metrics says nothing of a server", () => {
  assert.equal(readNodeExporter("up 1\n"), undefined);
});

void test("labels may hold braces, quotes and line ends, and what is no sample is passed over", () => {
  const text = 'a{x="}\\"\\n\\\\"} 1 1700000000000\na NaN\na{x="1"\na\nb 2\na{} +Inf\na{,} 3\n';

  assert.deepEqual(readExposition(text, new Set(["a"])), [
    { name: "a", labels: { x: '}"\n\\' }, value: 1 },
    { name: "a", labels: {}, value: 3 },
  ]);
});

void test("a node_exporter is asked, and its counters become rates with the second probe", async (context) => {
  let text = TEXT;
  const { desk } = await start(context, { text: () => text, thresholds: { storage: "70%" } });
  const first = await desk.probe("db-1");
  text = text
    .replace("_seconds 1000", "_seconds 1010")
    .replace('bytes_total{device="eth0"} 100', 'bytes_total{device="eth0"} 600');
  const second = await desk.probe("db-1");

  assert.equal(first.outcome, "server/storage", first.detail);
  assert.equal(valueOf(first, "probe_server_memory_usage_ratio"), 0.75);
  assert.equal(valueOf(first, "probe_server_report_interval_seconds"), undefined);
  assert.equal(valueOf(first, "probe_server_network_receive_bytes_per_second"), undefined);
  assert.equal(valueOf(second, "probe_server_network_receive_bytes_per_second"), 50);
});

void test("a login is sent where there is one", async (context) => {
  const { desk, authorizations } = await start(context, { settings: { username: "prom", password: "hunter2" } });

  await desk.probe("db-1");

  assert.deepEqual(authorizations, [`Basic ${btoa("prom:hunter2")}`]);
});

for (const { what, status, text, detail } of [
  { what: "answers with an error", status: 500, text: TEXT, detail: /answered with HTTP status 500/ },
  { what: "is something else", status: 200, text: "<html>", detail: /none of the metrics of a node_exporter/ },
  { what: "never ends", status: 200, text: "#".repeat(8 * 1024 * 1024 + 1), detail: /larger than 8388608 bytes/ },
]) {
  void test(`a node_exporter that ${what} is a report that is missing`, async (context) => {
    const { desk } = await start(context, { status, text: () => text });

    const report = await desk.probe("db-1");

    assert.equal(report.outcome, "server/report-missing");
    assert.match(report.detail, detail);
  });
}

void test("a node_exporter that goes away leaves the time of its last answer", async (context) => {
  let status = 200;
  const { desk } = await start(context, { status: () => status });
  await desk.probe("db-1");
  const answeredAt = desk.now();
  status = 503;
  desk.pass(60);

  const report = await desk.probe("db-1");

  assert.equal(report.outcome, "server/report-missing");
  assert.equal(valueOf(report, "probe_server_last_report_timestamp_seconds"), answeredAt);
  assert.equal(valueOf(report, "probe_server_load"), undefined);
});

void test("a node_exporter that nobody runs is a report that is missing", async () => {
  const desk = openDesk({}, { servers: { "db-1": { source: "node_exporter", url: "http://127.0.0.1:1/metrics" } } });

  const report = await desk.probe("db-1");

  assert.equal(report.outcome, "server/report-missing");
  assert.match(report.detail, /refused/i);
});

void test("a node_exporter without TLS where https is asked for is a report that is missing", async (context) => {
  const { desk } = await start(context, { scheme: "https" });

  const report = await desk.probe("db-1");

  assert.equal(report.outcome, "server/report-missing", report.detail);
});

async function start(
  context: TestContext,
  given: {
    readonly status?: number | (() => number);
    readonly text?: () => string;
    readonly thresholds?: Settings;
    readonly settings?: Settings;
    readonly scheme?: "http" | "https";
  },
): Promise<{ readonly desk: Desk; readonly authorizations: readonly (string | undefined)[] }> {
  const authorizations: (string | undefined)[] = [];
  const { status = 200, text = () => TEXT, thresholds = {}, settings = {}, scheme = "http" } = given;
  const server = createServer((request, response) => {
    authorizations.push(request.headers.authorization);
    response.writeHead(typeof status === "number" ? status : status()).end(text());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  context.after(() => void server.close());
  const url = `${scheme}://127.0.0.1:${portOf(server.address())}/metrics`;
  const servers = { "db-1": { source: "node_exporter", url, thresholds, ...settings } };
  return { desk: openDesk({}, { servers }), authorizations };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new TypeError("Server has no port");
  return address.port;
}
