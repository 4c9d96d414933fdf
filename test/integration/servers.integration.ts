import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "./support/free-port.ts";
import { integrationTest } from "./support/integration-test.ts";
import { startPrometheus } from "./support/prometheus.ts";
import { type ServerProcess, startServer } from "./support/server-process.ts";
import { MAIN } from "./support/status-exporter.ts";
import { temporaryDirectory } from "./support/temporary-directory.ts";
import { until } from "./support/until.ts";

const TOKEN = "the-token-of-the-test";
const HASH = createHash("sha256").update(TOKEN).digest("hex");

integrationTest("Prometheus finds declared services at /services and needs no relabelling", {
  programs: ["prometheus"],
  async body(stack) {
    const port = await freePort();
    const exporter = await startExporter(stack, {
      port,
      configuration: `
modules: { tcp: { prober: tcp } }
services:
  - { name: here, module: tcp, target: "127.0.0.1:${port}", labels: { team: checkout } }
  - { name: gone, module: tcp, target: "127.0.0.1:${port}", state: disabled }
`,
    });
    const prometheus = await startPrometheus(
      stack,
      `{ global: { scrape_interval: 1s, scrape_timeout: 1s }, scrape_configs: [{ job_name: services, http_sd_configs: [{ url: "${exporter.origin}/services" }] }] }`,
    );

    const codes = await until("both were scraped", async () => {
      const series = await prometheus.query('probe_status_code{catalogue="hitflow"}');
      return series.length === 2 && series;
    });

    assert.deepEqual(
      new Set(
        codes.map(({ metric, value }) => [metric["service"], metric["instance"], metric["team"], value].join(" ")),
      ),
      new Set([`here 127.0.0.1:${port} checkout 0`, `gone 127.0.0.1:${port}  -2`]),
    );
    assert.equal((await prometheus.query("probe_success")).length, 1);
  },
});

integrationTest("the agent reports, the exporter is killed and comes back, and knows the report still", {
  programs: [],
  async body(stack) {
    const storage = await temporaryDirectory(stack);
    const configuration = `
modules: { server: { prober: server } }
servers: { here: { token_sha256: ${HASH} } }
`;
    const port = await freePort();
    const first = await startExporter(stack, { port, configuration, storage });
    const token = join(await temporaryDirectory(stack), "token");
    await writeFile(token, TOKEN);
    const to = `--to=http://127.0.0.1:${port}`;
    await startAgent(stack, [to, "--server=here", `--token-file=${token}`, "--interval=5s"], port);
    await until("a report came in", async () => (await codeOf(first)) === "0");

    first.signal("SIGKILL");
    await first.ended();
    const second = await startExporter(stack, { port, configuration, storage });
    const code = await codeOf(second);

    assert.equal(code, "0");
    await until("the agent is back", async () => {
      const received = await (await fetch(`${second.origin}/metrics`)).text();
      return /^status_exporter_reports_received_total [1-9]/mu.test(received);
    });
  },
});

integrationTest("a node_exporter is read: every figure and every rate", {
  programs: ["prometheus-node-exporter"],
  async body(stack) {
    const port = await freePort();
    const node = await startServer(stack, {
      command: "prometheus-node-exporter",
      args: [`--web.listen-address=127.0.0.1:${port}`],
      port,
    });
    const exporter = await startExporter(stack, {
      port: await freePort(),
      configuration: `
modules: { server: { prober: server } }
servers: { here: { source: node_exporter, url: "${node.origin}/metrics" } }
`,
    });
    await probe(exporter);

    const text = await until("its counters have moved", async () => {
      const answer = await probe(exporter);
      return /^probe_server_cpu_usage_ratio /mu.test(answer) && answer;
    });

    for (const name of ["load", "uptime_seconds", "memory_usage_ratio", "cpus", "info"]) {
      assert.match(text, new RegExp(`^probe_server_${name}[ {]`, "mu"));
    }
    assert.match(text, /^probe_success 1$/mu);
  },
});

interface ExporterOptions {
  readonly port: number;
  readonly configuration: string;
  /** In memory if absent. */
  readonly storage?: string;
}

async function startExporter(
  stack: AsyncDisposableStack,
  { port, configuration, storage = "" }: ExporterOptions,
): Promise<ServerProcess> {
  const file = join(await temporaryDirectory(stack), "status.yml");
  await writeFile(file, configuration);
  const flags = [`--config.file=${file}`, `--storage.path=${storage}`, `--web.listen-address=127.0.0.1:${port}`];
  return await startServer(stack, { command: process.execPath, args: [MAIN, ...flags], port });
}

/** The agent listens nowhere: it counts as started because the exporter does. */
function startAgent(stack: AsyncDisposableStack, flags: readonly string[], port: number): Promise<ServerProcess> {
  return startServer(stack, { command: process.execPath, args: [MAIN, "report", ...flags], port });
}

async function probe({ origin }: ServerProcess): Promise<string> {
  return await (await fetch(`${origin}/probe?module=server&target=here`)).text();
}

async function codeOf(exporter: ServerProcess): Promise<string | undefined> {
  return /^probe_status_code\{[^}]*\} (.*)$/mu.exec(await probe(exporter))?.[1];
}
