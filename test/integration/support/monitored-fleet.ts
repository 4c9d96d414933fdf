import { createHash } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { dump } from "js-yaml";
import { STORE_FILE } from "../../../src/storage/sqlite-store.ts";
import { FAULTS } from "../../faults/all.ts";
import type { Fault, Settings } from "../../faults/fault.ts";
import { sendReports } from "../../faults/send-reports.ts";
import { type Member, startFleet } from "../../faults/start-fleet.ts";
import { createAuthority, expired } from "../../support/certificates.ts";
import { type Prometheus, startPrometheus } from "./prometheus.ts";
import { type StatusExporter, startStatusExporter } from "./status-exporter.ts";
import { temporaryDirectory } from "./temporary-directory.ts";
import { until } from "./until.ts";

const RULES = fileURLToPath(new URL("../../../config/prometheus/rules", import.meta.url));

/** How often the targets are scraped: often enough for a test, seldom enough for two cores and some hundred of them. */
const SCRAPE_SECONDS = 5;

/** A Prometheus that has seen, at least twice, targets of every protocol in every outcome that can be had here. */
export interface MonitoredFleet {
  readonly prometheus: Prometheus;
  readonly scrapeSeconds: number;
}

/**
 * Starts servers with faults, an exporter that is not well either, and a Prometheus with every rule that is committed.
 * The exporter's store was damaged, its configuration is broken since, an asker hung up, and a report was turned down.
 */
export async function startMonitoredFleet(stack: AsyncDisposableStack): Promise<MonitoredFleet> {
  const files = await certificateFolder(stack);
  const servers = { [TALKATIVE.server]: { token_sha256: sha256(TALKATIVE.token) } };
  const besides = { modules: furtherModules(files), servers, services: furtherServices(files) };
  const fleet = stack.use(await startFleet(chosenFaults(), besides));
  const storage = await temporaryDirectory(stack);
  await writeFile(join(storage, STORE_FILE), "This is no database.");
  const exporter = await startStatusExporter(stack, fleet.configuration, { storage });
  const prometheus = await startPrometheus(stack, scrapes(exporter));
  await sendReports(fleet.members, exporter.origin);
  await introduce(exporter.origin);
  await until(
    "the exporter was scraped",
    async () => (await prometheus.query("status_exporter_build_info")).length > 0,
  );
  await maltreat(exporter, fleet.members);
  await until("every service was scraped twice, and the rules were evaluated", async () => {
    const services = await prometheus.query("count(status_exporter_service_outcome_info)");
    const twice = await prometheus.query('count(count_over_time(up{job="services"}[10m]) >= 2)');
    const recorded = await prometheus.query("instance:probe_success:avg_over_time_30d");
    // All but the one that Prometheus leaves out.
    return Number(twice[0]?.value) === Number(services[0]?.value) - 1 && recorded.length > 0;
  });
  return { prometheus, scrapeSeconds: SCRAPE_SECONDS };
}

/** Of each protocol everything that is sound, and one fault for each outcome. Echo hosts of ours need a tunnel. */
function chosenFaults(): readonly Fault[] {
  const possible = FAULTS.filter(
    ({ subject, exporter, outcome }) => subject !== "icmp" && exporter === undefined && outcome !== "local/defect",
  );
  const first = new Map(possible.toReversed().map((fault) => [`${fault.subject} ${fault.outcome}`, fault]));
  return possible.filter((fault) => fault.outcome === "success" || [...first.values()].includes(fault));
}

/** Modules for what follows, whose names are those of no fault. */
function furtherModules(files: string): Settings {
  return {
    echo: { prober: "icmp", timeout: "2s", icmp: { packets: 3, interval: "10ms" } },
    reports: { prober: "server", timeout: "2s" },
    files: { prober: "tls", timeout: "2s", tls: { file_folders: [files] } },
  };
}

/** A folder with a certificate that has expired. */
async function certificateFolder(stack: AsyncDisposableStack): Promise<string> {
  const folder = await temporaryDirectory(stack);
  const { chain } = await (await createAuthority()).issue(expired());
  await writeFile(join(folder, "site.pem"), chain);
  return folder;
}

/** What no server is needed for, and services that are not probed. */
function furtherServices(files: string): readonly Settings[] {
  return [
    { name: "this host", module: "echo", target: "127.0.0.1" },
    { name: "no such host", module: "echo", target: "no-such-name.invalid" },
    { name: "certificate file", module: "files", target: `file:${files}/*.pem` },
    { name: "talkative", module: "reports", target: TALKATIVE.server },
    { name: "not yet", module: "echo", target: "192.0.2.1", state: "created" },
    { name: "no more", module: "echo", target: "192.0.2.2", state: "disabled" },
    UNSCRAPED,
  ];
}

/** A server that says what it is; those with faults say no more than their figures. */
const TALKATIVE = { server: "talkative", token: "its-own-token" } as const;

async function introduce(origin: string): Promise<void> {
  const answer = await fetch(`${origin}/reports/${TALKATIVE.server}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${TALKATIVE.token}`, "Content-Type": "application/json" },
    body: JSON.stringify({
      hostname: "web-1",
      operating_system: "Debian GNU/Linux 12",
      kernel: "6.1.0",
      agent: "status-exporter 0.1.0",
      load_average: [0.5, 0.4, 0.3],
    }),
  });
  if (answer.status !== 204) throw new Error(`The report was not taken: ${await answer.text()}`);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Prometheus leaves it out, so it stays without a first result. */
const UNSCRAPED = { name: "never asked", module: "echo", target: "192.0.2.3" } as const;

/** Does to the exporter what its dashboard and its alerts are there to show. */
async function maltreat(exporter: StatusExporter, members: readonly Member[]): Promise<void> {
  const { origin, configurationFile } = exporter;
  const report = { method: "POST", headers: { Authorization: "Bearer wrong" }, body: "{}" };
  await fetch(`${origin}/reports/nobody`, report);
  await hangUp(origin, members);
  await fetch(`${origin}/-/reload`, { method: "POST" });
  await rm(configurationFile);
  await fetch(`${origin}/-/reload`, { method: "POST" });
  await exporter.probe("no such module", "127.0.0.1");
}

/** Asks for a probe that takes long, and does not wait for it. */
async function hangUp(origin: string, members: readonly Member[]): Promise<void> {
  const slow = members.find(({ fault }) => fault.subject === "http" && fault.outcome === "exchange/timeout");
  if (slow === undefined) throw new Error("No fault of the fleet stays silent");
  const query = new URLSearchParams({ module: slow.module, target: slow.started.target });
  const impatient = { signal: AbortSignal.timeout(200) };
  await fetch(`${origin}/probe?${query.toString()}`, impatient).catch((reason: unknown) => {
    if (!(reason instanceof DOMException)) throw reason;
  });
}

function scrapes({ origin, port }: StatusExporter): string {
  const exporter = `127.0.0.1:${port}`;
  return dump({
    global: {
      scrape_interval: `${SCRAPE_SECONDS}s`,
      scrape_timeout: `${SCRAPE_SECONDS}s`,
      evaluation_interval: "5s",
      external_labels: { status_exporter_url: origin },
    },
    rule_files: [`${RULES}/*.yml`],
    scrape_configs: [
      {
        job_name: "status-exporter",
        scrape_interval: "1s",
        scrape_timeout: "1s",
        static_configs: [{ targets: [exporter] }],
      },
      {
        job_name: "services",
        http_sd_configs: [{ url: `${origin}/services` }],
        relabel_configs: [{ source_labels: ["service"], regex: UNSCRAPED.name, action: "drop" }],
      },
    ],
  });
}
