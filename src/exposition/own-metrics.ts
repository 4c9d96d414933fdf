import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { StatusCode } from "../catalogue/status-code.ts";
import type { Report } from "../outcome/report.ts";
import { REFUSALS, type Refusal } from "../outcome/report-receipt.ts";
import { registryText } from "./registry-text.ts";
import type { TextFormat } from "./text-format.ts";

export interface OwnMetricsOptions {
  /** The exporter's own version. */
  readonly version: string;
  /** Node's version without the `v`. */
  readonly nodeVersion: string;
  /** Every documented code, for `status_code_info`. */
  readonly codes: readonly Pick<StatusCode, "catalogue" | "list" | "code" | "message">[];
  /** How this host lets echo requests be sent. */
  readonly icmpMethod: string;
  /** Whether the last load of the configuration went well, and the Unix seconds at which one last did. */
  readonly lastReload: () => { readonly successful: boolean; readonly succeededAt: number | undefined };
}

const RELOAD_RESULTS = ["success", "failure"] as const;

const STORE_FAULTS = ["corrupt", "unavailable"] as const;

type StoreFault = (typeof STORE_FAULTS)[number];

type ReloadResult = (typeof RELOAD_RESULTS)[number];

/** What the exporter tells about itself at `/metrics`. */
export interface OwnMetrics {
  /** Each start is followed by one end. */
  probeStarted(): void;
  probeEnded(report: Report): void;
  /** Counts an attempt to load the configuration again. */
  configurationReloaded(result: ReloadResult): void;
  /** What must survive a restart was damaged, or cannot be kept for now. */
  storeFailed(fault: StoreFault): void;
  storeRecovered(): void;
  /** A server's report was taken and kept, or was not. */
  reportReceived(): void;
  reportRejected(reason: Refusal): void;
  render(format: TextFormat): Promise<string>;
}

/** The exporter's own metrics, in a registry of their own. Costs a probe two look-ups; the rest is done when asked. */
export function createOwnMetrics(options: OwnMetricsOptions): OwnMetrics {
  const registry = new Registry();
  addConstants(registry, options);
  addRuntime(registry);
  const probes = addProbes(registry);
  const reloads = addReloads(registry, options.lastReload);
  const storage = addStorage(registry);
  return {
    ...probes,
    ...reloads,
    ...storage,
    ...addReports(registry),
    render: async (format) => registryText(await registry.getMetricsAsJSON(), format),
  };
}

function addConstants(registry: Registry, { version, nodeVersion, codes, icmpMethod }: OwnMetricsOptions): void {
  new Gauge({
    name: "status_exporter_build_info",
    help: "The exporter's version and that of the Node.js it runs on, always 1",
    labelNames: ["version", "node_version"],
    registers: [registry],
  }).set({ version, node_version: nodeVersion }, 1);
  new Gauge({
    name: "status_exporter_icmp_method_info",
    help: "How the icmp prober sends: datagram or raw socket, ping program, or none where this host allows none; always 1",
    labelNames: ["method"],
    registers: [registry],
  }).set({ method: icmpMethod }, 1);
  const info = new Gauge({
    name: "status_code_info",
    help: "A documented status code with its meaning, always 1",
    labelNames: ["catalogue", "list", "code", "message"],
    registers: [registry],
  });
  for (const { catalogue, list, code, message } of codes) info.set({ catalogue, list, code, message }, 1);
}

/**
 * `process_*` and `nodejs_*`. Three of the library's gauges are taken out again: they end in `_total`, which is for
 * counters only, and `promtool check metrics` rejects them. The same numbers stand, by type, in the gauges that stay.
 */
function addRuntime(registry: Registry): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_SAMPLE_MILLISECONDS });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
}

/** How often the event loop's delay is sampled: fine enough for stalls that a scrape would notice, idle otherwise. */
const EVENT_LOOP_SAMPLE_MILLISECONDS = 50;

const MISNAMED = ["nodejs_active_handles_total", "nodejs_active_requests_total", "nodejs_active_resources_total"];

/** Up to twice the 10 s that Prometheus gives a scrape unless told otherwise. */
const DURATION_BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];

interface ProbeCount {
  readonly labels: { readonly module: string; readonly protocol: string; readonly outcome: string };
  probes: number;
}

/** What probes change; read when somebody asks. */
interface ProbeTally {
  readonly counts: Map<string, ProbeCount>;
  inFlight: number;
  cancelled: number;
}

function addProbes(registry: Registry): Pick<OwnMetrics, "probeStarted" | "probeEnded"> {
  const tally: ProbeTally = { counts: new Map(), inFlight: 0, cancelled: 0 };
  addTally(registry, tally);
  const durations = new Histogram({
    name: "status_exporter_probe_duration_seconds",
    help: "How long probes took that ran to their end, by protocol",
    labelNames: ["protocol"],
    buckets: DURATION_BUCKETS_SECONDS,
    registers: [registry],
  });
  return {
    probeStarted: () => {
      tally.inFlight += 1;
    },
    probeEnded: (report) => {
      tally.inFlight -= 1;
      if (report.cancelled) {
        tally.cancelled += 1;
        return;
      }
      countOf(tally.counts, report).probes += 1;
      durations.observe({ protocol: protocolOf(report) }, report.durationSeconds);
    },
  };
}

function addTally(registry: Registry, tally: ProbeTally): void {
  const probes = new Counter({
    name: "status_exporter_probes_total",
    help: "Probes that ran to their end, by module, protocol and outcome; the module is empty where it is not configured",
    labelNames: ["module", "protocol", "outcome"],
    registers: [],
    collect() {
      this.reset();
      for (const { labels, probes: count } of tally.counts.values()) this.inc(labels, count);
    },
  });
  const cancelled = new Counter({
    name: "status_exporter_probes_cancelled_total",
    help: "Probes whose asker hung up before the end",
    registers: [],
    collect() {
      this.reset();
      this.inc(tally.cancelled);
    },
  });
  const inFlight = new Gauge({
    name: "status_exporter_probes_in_flight",
    help: "Probes that are running now",
    registers: [],
    collect() {
      this.set(tally.inFlight);
    },
  });
  registry.registerMetric(probes);
  registry.registerMetric(cancelled);
  registry.registerMetric(inFlight);
}

function countOf(counts: Map<string, ProbeCount>, report: Report): ProbeCount {
  // Module names come from whoever asks only where the module is unknown; those are not kept, so labels stay bounded.
  const module = report.subject === "any" ? "" : report.module;
  const key = `${report.subject} ${report.outcome} ${module}`;
  const known = counts.get(key);
  if (known !== undefined) return known;
  const added = { labels: { module, protocol: protocolOf(report), outcome: report.outcome }, probes: 0 };
  counts.set(key, added);
  return added;
}

function protocolOf({ subject }: Report): string {
  return subject === "any" ? "" : subject;
}

function addReloads(
  registry: Registry,
  lastReload: OwnMetricsOptions["lastReload"],
): Pick<OwnMetrics, "configurationReloaded"> {
  const successful = new Gauge({
    name: "status_exporter_config_last_reload_successful",
    help: "Whether the configuration could be used when it was last loaded",
    registers: [],
    collect() {
      this.set(lastReload().successful ? 1 : 0);
    },
  });
  const succeededAt = new Gauge({
    name: "status_exporter_config_last_reload_success_timestamp_seconds",
    help: "When the configuration was last loaded, in Unix seconds",
    registers: [],
    collect() {
      this.remove();
      const seconds = lastReload().succeededAt;
      if (seconds !== undefined) this.set(seconds);
    },
  });
  registry.registerMetric(successful);
  registry.registerMetric(succeededAt);
  const reloads = new Counter({
    name: "status_exporter_config_reloads_total",
    help: "Attempts to load the configuration again, by result",
    labelNames: ["result"],
    registers: [registry],
  });
  for (const result of RELOAD_RESULTS) reloads.inc({ result }, 0);
  return { configurationReloaded: (result) => reloads.inc({ result }) };
}

function addStorage(registry: Registry): Pick<OwnMetrics, "storeFailed" | "storeRecovered"> {
  const usable = new Gauge({
    name: "status_exporter_storage_usable",
    help: "Whether what must survive a restart can be kept at --storage.path or --storage.url",
    registers: [registry],
  });
  usable.set(1);
  const faults = new Counter({
    name: "status_exporter_storage_faults_total",
    help: "Faults of the storage, by kind: a corrupt file was set aside and begun anew, an unavailable one could not be used",
    labelNames: ["fault"],
    registers: [registry],
  });
  for (const fault of STORE_FAULTS) faults.inc({ fault }, 0);
  return {
    storeFailed(fault) {
      faults.inc({ fault });
      if (fault === "unavailable") usable.set(0);
    },
    storeRecovered: () => usable.set(1),
  };
}

function addReports(registry: Registry): Pick<OwnMetrics, "reportReceived" | "reportRejected"> {
  const received = new Counter({
    name: "status_exporter_reports_received_total",
    help: "Reports of servers that were taken and kept",
    registers: [registry],
  });
  const rejected = new Counter({
    name: "status_exporter_reports_rejected_total",
    help: "Reports that were not taken, by reason",
    labelNames: ["reason"],
    registers: [registry],
  });
  for (const reason of REFUSALS) rejected.inc({ reason }, 0);
  return {
    reportReceived: () => received.inc(),
    reportRejected: (reason) => rejected.inc({ reason }),
  };
}
