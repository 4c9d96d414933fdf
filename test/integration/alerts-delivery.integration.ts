import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { dump } from "js-yaml";
import { FLEET } from "../../src/generate/dashboards/fleet.ts";
import { startAlertmanager } from "./support/alertmanager.ts";
import { freePort } from "./support/free-port.ts";
import { hurriedRoutes } from "./support/hurried-routes.ts";
import { hurriedRules } from "./support/hurried-rules.ts";
import { integrationTest } from "./support/integration-test.ts";
import { startPrometheus } from "./support/prometheus.ts";
import { startStatusExporter } from "./support/status-exporter.ts";
import { until } from "./support/until.ts";
import { startWebhookReceiver } from "./support/webhook-receiver.ts";

integrationTest("what is broken arrives once, with its code, at whom it concerns, and so does its end", {
  programs: ["prometheus", "prometheus-alertmanager"],
  async body(stack) {
    const site = await startSite(stack);
    const exporter = await startStatusExporter(stack, configuration(site));
    const receiver = await startWebhookReceiver(stack);
    const alertmanager = await startAlertmanager(stack, await hurriedRoutes({ webhooks: receiver.origin, seconds: 3 }));
    const prometheus = await startPrometheus(
      stack,
      scrapes({ exporter: exporter.origin, alertmanager: alertmanager.origin, rules: await hurriedRules(stack, 60) }),
    );

    await until("every fault has arrived", async () => {
      const seen = new Set(receiver.deliveries.map(({ labels }) => labels["service"]));
      return EXPECTED.every(({ service }) => seen.has(service));
    });
    assert.deepEqual(summary(receiver.deliveries.filter(({ status }) => status === "firing")), expectations());
    assert.match(receiver.deliveries[0]?.annotations["runbook_url"] ?? "", /^http:\/\/.*\/codes#hitflow-/);

    site.heal();
    const over = await until("the end of one has arrived", async () => {
      const resolved = receiver.deliveries.filter(({ status }) => status === "resolved");
      return resolved.length > 0 && resolved;
    });
    // With the end of the alert that stood for them, those of the same cause end in the same notification.
    assert.equal(new Set(over.map(({ notification }) => notification)).size, 1);
    assert.deepEqual(new Set(over.map(({ labels }) => labels["service"])), new Set(["words"]));
    assert.ok(over.some(({ labels }) => labels["alertname"] === "HitflowServiceCode412"));
    assert.deepEqual(summary(receiver.deliveries.filter(({ status }) => status === "firing")), expectations());

    for (const { expr } of FLEET.rows.flat().flatMap(({ queries }) => queries)) {
      const query = expr.replaceAll("$__range", "5m").replaceAll(/\$(?:job|instance)/g, ".*");
      assert.notDeepEqual(await prometheus.query(query), [], `Nothing for ${query}`);
    }
  },
});

/** What is broken, what arrives for it, and where. */
const EXPECTED = [
  { service: "name", alert: "HitflowServiceCode452", receiver: "sites-called" },
  { service: "port", alert: "HitflowServiceCode461", receiver: "sites-called" },
  { service: "certificate", alert: "HitflowServiceCode415", receiver: "certificates-called" },
  { service: "words", alert: "HitflowServiceCode412", receiver: "sites-called" },
  { service: "slow", alert: "HitflowServiceCode102", receiver: "sites-told" },
  { service: "report", alert: "HitflowServerCode106", receiver: "servers-called" },
  { service: "setup", alert: "HitflowServiceCode460", receiver: "exporter-told" },
] as const;

function expectations(): readonly string[] {
  return EXPECTED.map(({ service, alert, receiver }) => `${service}: ${alert} at ${receiver}, 1 time`).toSorted();
}

/** Each alert with where and how often it arrived. */
function summary(
  deliveries: readonly { readonly receiver: string; readonly labels: Readonly<Record<string, string>> }[],
): readonly string[] {
  const alike = Map.groupBy(deliveries, ({ labels, receiver }) => {
    return `${labels["service"] ?? "no service"}: ${labels["alertname"]} at ${receiver}`;
  });
  return [...alike].map(([what, all]) => `${what}, ${all.length} time${all.length === 1 ? "" : "s"}`).toSorted();
}

interface Site {
  readonly port: number;
  /** From then on the page has the words. */
  heal(): void;
}

async function startSite(stack: AsyncDisposableStack): Promise<Site> {
  const port = await freePort();
  let words = "out of order";
  const server = createServer((_request, response) => response.end(words)).listen(port);
  await once(server, "listening");
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port, heal: () => (words = "welcome") };
}

/** Every target is on a host of its own, for alerts of one host come together. */
function configuration({ port }: Site): string {
  return `
modules:
  web: { prober: http, timeout: 2s }
  welcome: { prober: http, timeout: 2s, http: { fail_if_body_not_matches_regexp: [welcome] } }
  quick: { prober: http, timeout: 2s, max_response_time: 1us }
  port: { prober: tcp, timeout: 2s }
  server: { prober: server, timeout: 2s }
services:
  - { name: healthy, module: web, target: "http://127.0.0.2:${port}/" }
  - { name: name, module: web, target: "http://no-such-name.invalid/" }
  - { name: port, module: port, target: "127.0.0.3:1" }
  - { name: certificate, module: web, target: "https://127.0.0.4:${port}/" }
  - { name: words, module: welcome, target: "http://127.0.0.5:${port}/" }
  - { name: slow, module: quick, target: "http://127.0.0.6:${port}/" }
  - { name: report, module: server, target: web-1 }
  - { name: setup, module: port, target: a-host-without-a-port }
  - { name: resting, module: web, target: "http://127.0.0.7:1/", state: disabled }
servers:
  web-1: { source: node_exporter, url: "http://127.0.0.8:1/metrics" }
`;
}

function scrapes(given: { readonly exporter: string; readonly alertmanager: string; readonly rules: string }): string {
  return dump({
    global: {
      scrape_interval: "1s",
      scrape_timeout: "1s",
      evaluation_interval: "1s",
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
