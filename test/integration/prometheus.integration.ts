import assert from "node:assert/strict";
import { integrationTest } from "./support/integration-test.ts";
import { startNginx } from "./support/nginx.ts";
import { type Prometheus, startPrometheus } from "./support/prometheus.ts";
import { readmeScrapeConfiguration } from "./support/readme-scrape-configuration.ts";
import { startStatusExporter } from "./support/status-exporter.ts";
import { until } from "./support/until.ts";

integrationTest("Prometheus scrapes a running and a stopped nginx and stores both catalogues' codes", {
  programs: ["nginx", "prometheus"],
  async body(stack) {
    const running = await startNginx(stack, 'server { listen 127.0.0.1:PORT; location / { return 200 "well"; } }');
    const stopped = await startNginx(stack, "server { listen 127.0.0.1:PORT; }");
    await stopped.end();
    const exporter = await startStatusExporter(stack, "modules: { http_2xx: { prober: http } }");
    const targets = [`${running.origin}/`, `${stopped.origin}/`];
    const prometheus = await startPrometheus(
      stack,
      await readmeScrapeConfiguration({ targets, exporter: `127.0.0.1:${exporter.port}` }),
    );

    // The very first probe may run out of time while the exporter still warms up.
    await until("both targets were scraped and one is up", async () => {
      const up = await prometheus.query("probe_success");
      return up.length === 2 && up.some(({ value }) => value === "1");
    });

    assert.deepEqual(await codes(prometheus, "cloudmonitor"), {
      [targets[0] ?? ""]: "http 200",
      [targets[1] ?? ""]: "http 611",
    });
    assert.deepEqual(await codes(prometheus, "hitflow"), {
      [targets[0] ?? ""]: "service 0",
      [targets[1] ?? ""]: "service 451",
    });
    const [outcome] = await prometheus.query('probe_outcome_info{outcome!="success"}');
    assert.deepEqual([outcome?.metric["instance"], outcome?.metric["outcome"]], [targets[1], "connect/refused"]);
  },
});

integrationTest("Prometheus sees a target stop and come to its codes with the next scrape", {
  programs: ["nginx", "prometheus"],
  async body(stack) {
    const nginx = await startNginx(stack, 'server { listen 127.0.0.1:PORT; location / { return 200 "well"; } }');
    const exporter = await startStatusExporter(stack, "modules: { http_2xx: { prober: http } }");
    const target = `${nginx.origin}/`;
    const prometheus = await startPrometheus(
      stack,
      await readmeScrapeConfiguration({ targets: [target], exporter: `127.0.0.1:${exporter.port}` }),
    );
    await until("it is up", async () => (await codes(prometheus, "hitflow"))[target] === "service 0");

    await nginx.end();

    await until("it is down", async () => (await codes(prometheus, "hitflow"))[target] === "service 451");
    const [info] = await prometheus.query('probe_status_info{catalogue="hitflow"}');
    assert.equal(info?.metric["code"], "451");
    assert.notEqual(info.metric["message"], "");
  },
});

integrationTest("Prometheus scrapes the exporter's own metrics", {
  programs: ["prometheus"],
  async body(stack) {
    const exporter = await startStatusExporter(stack, "modules: { http_2xx: { prober: http } }");
    const prometheus = await startPrometheus(
      stack,
      `{ global: { scrape_interval: 1s, scrape_timeout: 1s }, scrape_configs: [{ job_name: own, static_configs: [{ targets: ["127.0.0.1:${exporter.port}"] }] }] }`,
    );

    const [up] = await until("it was scraped", async () => {
      const series = await prometheus.query('up{job="own"} == 1');
      return series.length > 0 && series;
    });

    assert.equal(up?.value, "1");
    assert.equal((await prometheus.query("status_exporter_build_info")).length, 1);
  },
});

/** Target → `list code`, as PromQL answers for one catalogue. */
async function codes(prometheus: Prometheus, catalogue: string): Promise<Readonly<Record<string, string>>> {
  const series = await prometheus.query(`probe_status_code{catalogue="${catalogue}"}`);
  return Object.fromEntries(series.map(({ metric, value }) => [metric["instance"], `${metric["list"]} ${value}`]));
}
