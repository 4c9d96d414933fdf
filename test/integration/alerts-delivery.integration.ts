import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { dump } from "js-yaml";
import { startAlertmanager } from "./support/alertmanager.ts";
import { type BrokenHosts, startBrokenHosts } from "./support/broken-hosts.ts";
import { hurriedRoutes } from "./support/hurried-routes.ts";
import { hurriedRules } from "./support/hurried-rules.ts";
import { integrationTest } from "./support/integration-test.ts";
import { startPrometheus } from "./support/prometheus.ts";
import { startStatusExporter } from "./support/status-exporter.ts";
import { until } from "./support/until.ts";
import { type Delivery, startWebhookReceiver } from "./support/webhook-receiver.ts";

/** What is broken, what arrives for it, and where. */
const EXPECTED = [
  { service: "name", alert: "HitflowServiceCode452", receiver: "sites-called" },
  { service: "port", alert: "HitflowServiceCode461", receiver: "sites-called" },
  { service: "certificate", alert: "HitflowServiceCode416", receiver: "certificates-called" },
  { service: "words", alert: "HitflowServiceCode412", receiver: "sites-called" },
  { service: "slow", alert: "HitflowServiceCode102", receiver: "sites-told" },
  { service: "report", alert: "HitflowServerCode106", receiver: "servers-called" },
  { service: "setup", alert: "HitflowServiceCode451", receiver: "exporter-told" },
] as const;

/** Four times what it takes on an idle machine. */
const LONGEST = { milliseconds: 60_000 };

integrationTest("what is broken arrives once, with its code, at whom it concerns, and so does its end", {
  programs: ["prometheus", "prometheus-alertmanager"],
  async body(stack, context) {
    const hosts = await startBrokenHosts(stack);
    const exporter = await startStatusExporter(stack, configuration(hosts, { internal: "forbid" }));
    await report(exporter.origin);
    const receiver = await startWebhookReceiver(stack);
    const alertmanager = await startAlertmanager(stack, await hurriedRoutes({ webhooks: receiver.origin, seconds: 3 }));
    const rules = await hurriedRules(stack, 30);
    await startPrometheus(stack, scrapes({ exporter: exporter.origin, alertmanager: alertmanager.origin, rules }));

    await until("every fault has arrived", async () => isComplete(told(receiver.deliveries, "firing")), LONGEST);
    await context.test("each cause arrives once, though both catalogues are loaded", () => {
      assert.deepEqual(summary(told(receiver.deliveries, "firing")), expectations());
    });
    await context.test("each alert leads to the place in the exporter's page that explains its code", async () => {
      await assertLinks(told(receiver.deliveries, "firing"));
    });

    await hosts.mend();
    keepReporting(stack, exporter.origin);
    await writeFile(exporter.configurationFile, configuration(hosts, { internal: "allow" }));
    assert.equal((await fetch(`${exporter.origin}/-/reload`, { method: "POST" })).status, 200);

    await until("the end of each has arrived", async () => isComplete(told(receiver.deliveries, "resolved")), LONGEST);
    await context.test("the end of each arrives once", () => {
      // With the end of the alert that stood for them, those of the same cause end in the same notification.
      const ends = told(receiver.deliveries, "resolved").filter(isExpected);
      assert.deepEqual(summary(ends), expectations());
      const notifications = new Set(ends.map(({ notification }) => notification));
      assert.deepEqual(
        told(receiver.deliveries, "resolved").filter(({ notification }) => !notifications.has(notification)),
        [],
      );
    });
    await context.test("nothing else arrives while all of it ends", () => {
      assert.deepEqual(summary(told(receiver.deliveries, "firing")), expectations());
    });
  },
});

/** Every target is on a host of its own, for alerts of one host come together; but for those of the same cause. */
function configuration(
  { port, securePort, closedPort, nameServer, authority }: BrokenHosts,
  { internal }: { readonly internal: "allow" | "forbid" },
): string {
  const tls_config = { ca: authority };
  return dump({
    modules: {
      web: { prober: "http", timeout: "2s", http: { tls_config } },
      named: { prober: "http", timeout: "2s", resolver: nameServer, http: { preferred_ip_protocol: "ip4" } },
      welcome: { prober: "http", timeout: "2s", http: { fail_if_body_not_matches_regexp: ["welcome"] } },
      quick: { prober: "http", timeout: "2s", max_response_time: "100ms" },
      guarded: { prober: "http", timeout: "2s", internal_addresses: internal },
      port: { prober: "tcp", timeout: "2s" },
      certificate: {
        prober: "tls",
        timeout: "2s",
        resolver: nameServer,
        tls: { tls_config, preferred_ip_protocol: "ip4" },
      },
      server: { prober: "server", timeout: "2s" },
    },
    services: [
      { name: "healthy", module: "web", target: `http://127.0.0.2:${port}/` },
      { name: "name", module: "named", target: `http://shop.test:${port}/` },
      { name: "certificate of the name", module: "certificate", target: `shop.test:${securePort}` },
      { name: "port", module: "port", target: `127.0.0.3:${closedPort}` },
      { name: "certificate", module: "web", target: `https://127.0.0.4:${securePort}/` },
      { name: "the same certificate", module: "certificate", target: `127.0.0.4:${securePort}` },
      { name: "words", module: "welcome", target: `http://127.0.0.5:${port}/` },
      { name: "slow", module: "quick", target: `http://127.0.0.6:${port}/` },
      { name: "report", module: "server", target: "web-1" },
      { name: "setup", module: "guarded", target: `http://127.0.0.7:${port}/` },
      { name: "resting", module: "web", target: "http://127.0.0.8:1/", state: "disabled" },
    ],
    servers: { "web-1": { token_sha256: sha256(TOKEN), report_interval: `${INTERVAL_SECONDS}s` } },
  });
}

const TOKEN = "the-token-of-the-test";

/** No server may report more often; half as much again, and a report is late. */
const INTERVAL_SECONDS = 5;

/** The server `web-1` reports. */
async function report(exporter: string): Promise<void> {
  const answer = await fetch(`${exporter}/reports/web-1`, {
    method: "POST",
    headers: { Authorization: `Bearer ${TOKEN}`, "Content-Type": "application/json" },
    body: JSON.stringify({ uptime: 1000, load_average: [1, 1, 1] }),
  });
  assert.equal(answer.status, 204, await answer.text());
}

/** Until the end of the test, which a report that is not taken ends as well. */
function keepReporting(stack: AsyncDisposableStack, exporter: string): void {
  const timer = setInterval(() => void report(exporter), INTERVAL_SECONDS * 1000);
  stack.defer(() => clearInterval(timer));
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function scrapes(given: { readonly exporter: string; readonly alertmanager: string; readonly rules: string }): string {
  return dump({
    global: {
      scrape_interval: "1s",
      scrape_timeout: "1s",
      evaluation_interval: "500ms",
      external_labels: { status_exporter_url: given.exporter },
    },
    alerting: { alertmanagers: [{ static_configs: [{ targets: [new URL(given.alertmanager).host] }] }] },
    rule_files: [`${given.rules}/*.yml`],
    scrape_configs: [
      { job_name: "services", http_sd_configs: [{ url: `${given.exporter}/services` }] },
      { job_name: "status-exporter", static_configs: [{ targets: [new URL(given.exporter).host] }] },
    ],
  });
}

function told(deliveries: readonly Delivery[], status: Delivery["status"]): readonly Delivery[] {
  return deliveries.filter((delivery) => delivery.status === status);
}

function isComplete(deliveries: readonly Delivery[]): boolean {
  const seen = new Set(deliveries.map(({ labels }) => labels["service"]));
  return EXPECTED.every(({ service }) => seen.has(service));
}

function isExpected({ labels }: Delivery): boolean {
  return EXPECTED.some(({ service, alert }) => service === labels["service"] && alert === labels["alertname"]);
}

function expectations(): readonly string[] {
  return EXPECTED.map(({ service, alert, receiver }) => `${service}: ${alert} at ${receiver}, 1 time`).toSorted();
}

/** Each alert with where and how often it arrived. */
function summary(deliveries: readonly Delivery[]): readonly string[] {
  const alike = Map.groupBy(deliveries, ({ labels, receiver }) => {
    return `${labels["service"] ?? "no service"}: ${labels["alertname"]} at ${receiver}`;
  });
  return [...alike].map(([what, all]) => `${what}, ${all.length} time${all.length === 1 ? "" : "s"}`).toSorted();
}

/** Each link is asked for, and the page has what it names. */
async function assertLinks(deliveries: readonly Delivery[]): Promise<void> {
  for (const { annotations } of deliveries) {
    const link = new URL(annotations["runbook_url"] ?? "");
    const page = await (await fetch(link)).text();
    assert.ok(link.hash.startsWith("#hitflow-"), link.href);
    assert.ok(page.includes(`id="${link.hash.slice(1)}"`), link.href);
  }
}
