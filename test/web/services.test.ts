import assert from "node:assert/strict";
import { test } from "node:test";
import type { Service } from "../../src/config/service-schema.ts";
import type { ConfigurationView } from "../../src/web/configuration-view.ts";
import { parseMetrics, type Sample } from "../support/parse-metrics.ts";
import { CONFIGURATION, makeReport, serve } from "./fixture.ts";

const SHOP: Service = {
  name: "shop",
  module: "http_2xx",
  target: "https://user:hunter2@shop.example.com/",
  hostname: "",
  labels: { team: "checkout" },
  state: "active",
};

void test("services are listed for Prometheus so that nothing has to be relabelled", async (context) => {
  const { url } = await serve(context, { configuration: () => declaring(SHOP) });

  const response = await fetch(`${url}/services`);

  assert.equal(response.headers.get("content-type"), "application/json; charset=utf-8");
  assert.deepEqual(await response.json(), [
    {
      targets: [new URL(url).host],
      labels: {
        __scheme__: "http",
        __metrics_path__: "/probe",
        __param_service: "shop",
        instance: "https://user:xxxxx@shop.example.com/",
        module: "http_2xx",
        service: "shop",
        team: "checkout",
      },
    },
  ]);
});

void test("behind a proxy the addresses are those of the external URL", async (context) => {
  const paths = { prefix: "/status", home: "https://monitor.example.com/status/" };
  const { url } = await serve(context, { paths, configuration: () => declaring(SHOP) });

  const [group] = await listed(`${url}/status/services`);

  assert.deepEqual(group?.targets, ["monitor.example.com"]);
  assert.equal(group?.labels["__scheme__"], "https");
  assert.equal(group?.labels["__metrics_path__"], "/status/probe");
});

void test("a label of the service may replace the instance", async (context) => {
  const { url } = await serve(context, { configuration: () => declaring({ ...SHOP, labels: { instance: "till" } }) });

  const [group] = await listed(`${url}/services`);

  assert.equal(group?.labels["instance"], "till");
});

void test("a service is probed with its module, target and host name", async (context) => {
  const { url, runner } = await serve(context, { configuration: () => declaring({ ...SHOP, hostname: "virtual" }) });

  await (await fetch(`${url}/probe?service=shop&module=other&target=elsewhere`)).text();

  const [asked] = runner.requests;
  assert.deepEqual(
    [asked?.module, asked?.target, asked?.hostname, Object.keys(asked ?? {}).length],
    ["http_2xx", "https://user:hunter2@shop.example.com/", "virtual", 5],
  );
});

for (const [state, code] of [
  ["created", -1],
  ["disabled", -2],
] as const) {
  void test(`a service that is ${state} answers ${code} without traffic, and neither succeeds nor fails`, async (context) => {
    const { url, runner, dependencies } = await serve(context, { configuration: () => declaring({ ...SHOP, state }) });

    const samples = parseMetrics(await (await fetch(`${url}/probe?service=shop`)).text());

    assert.deepEqual(codesIn(samples, "probe_status_code"), [["hitflow", "service", code]]);
    assert.equal(samples.find(({ name }) => name === "probe_outcome_info")?.labels["outcome"], `state/${state}`);
    assert.equal(
      samples.find(({ name }) => name === "probe_success"),
      undefined,
    );
    assert.deepEqual(runner.requests, []);
    assert.deepEqual(dependencies.history.entries(), []);
  });
}

void test("an unknown service is our fault and reaches Prometheus", async (context) => {
  const { url, dependencies } = await serve(context);

  const samples = parseMetrics(await (await fetch(`${url}/probe?service=nobody`)).text());

  assert.equal(samples.find(({ name }) => name === "probe_outcome_info")?.labels["outcome"], "request/unknown-prober");
  assert.equal(dependencies.history.entries()[0]?.report.detail, 'Unknown service "nobody"');
});

void test("a service is pending until its first probe has ended", async (context) => {
  const { url, runner } = await serve(context, { configuration: () => declaring(SHOP) });
  runner.answer = () => makeReport({ outcome: "connect/refused", httpStatus: undefined });
  const before = await metricsOf(url);

  await (await fetch(`${url}/probe?service=shop`)).text();
  const after = await metricsOf(url);

  assert.deepEqual(codesIn(before, CODE), [["hitflow", "service", -3]]);
  assert.equal(outcomeIn(before), "state/pending");
  assert.equal(
    before.find(({ name }) => name === LAST),
    undefined,
  );
  assert.deepEqual(codesIn(after, CODE), [
    ["cloudmonitor", "http", 611],
    ["hitflow", "service", 451],
  ]);
  assert.equal(outcomeIn(after), "connect/refused");
  assert.equal(after.find(({ name }) => name === LAST)?.value, makeReport().startedAt / 1000);
});

void test("a probe that nobody waited for says nothing about the service", async (context) => {
  const { url, runner } = await serve(context, { configuration: () => declaring(SHOP) });
  runner.answer = () => makeReport({ outcome: "connect/timeout", cancelled: true });

  await (await fetch(`${url}/probe?service=shop`)).text();

  assert.equal(outcomeIn(await metricsOf(url)), "state/pending");
});

void test("after a reload a service keeps its outcome, unless its name stands for something else", async (context) => {
  let declared: Service = SHOP;
  const { url } = await serve(context, { configuration: () => declaring(declared) });
  await (await fetch(`${url}/probe?service=shop`)).text();

  declared = { ...SHOP, labels: {} };
  const kept = outcomeIn(await metricsOf(url));
  declared = { ...SHOP, target: "https://elsewhere.example.com/" };
  const moved = outcomeIn(await metricsOf(url));

  assert.deepEqual([kept, moved], ["success", "state/pending"]);
});

void test("the home page lists the services", async (context) => {
  const { url } = await serve(context, { configuration: () => declaring({ ...SHOP, name: "<shop>" }) });

  const page = await (await fetch(url)).text();

  assert.match(page, /<h2>Services<\/h2>/);
  assert.match(page, /href="probe\?service=%3Cshop%3E&#38;debug=true">&#60;shop&#62;</);
  assert.doesNotMatch(page, /hunter2/);
});

const CODE = "status_exporter_service_status_code";
const LAST = "status_exporter_service_last_probe_timestamp_seconds";

function declaring(service: Service): ConfigurationView {
  return { ...CONFIGURATION, services: new Map([[service.name, service]]) };
}

interface Group {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

async function listed(url: string): Promise<readonly Group[]> {
  const groups: unknown = await (await fetch(url)).json();
  assert.ok(Array.isArray(groups));
  return groups.map((group: Group) => group);
}

async function metricsOf(url: string): Promise<readonly Sample[]> {
  return parseMetrics(await (await fetch(`${url}/metrics`)).text());
}

function codesIn(samples: readonly Sample[], metric: string): readonly (readonly unknown[])[] {
  return samples
    .filter(({ name }) => name === metric)
    .map(({ labels, value }) => [labels["catalogue"], labels["list"], value]);
}

function outcomeIn(samples: readonly Sample[]): string | undefined {
  return samples.find(({ name }) => name === "status_exporter_service_outcome_info")?.labels["outcome"];
}
