import { CHOSEN, type DashboardSpec } from "./dashboard.ts";

/** The exporter itself: its work, and whether it is well. */
export const EXPORTER: DashboardSpec = {
  name: "exporter",
  title: "exporter",
  description: "Status Exporter itself: what it does, and whether it is well.",
  of: "status_exporter_build_info",
  instances: "many",
  rows: [
    [
      {
        kind: "stat",
        title: "Configuration",
        description: "Whether it could be used when it was last loaded.",
        unit: "bool_yes_no",
        width: 6,
        queries: [{ expr: `min(status_exporter_config_last_reload_successful{${CHOSEN}})` }],
        thresholds: [
          [null, "red"],
          [1, "green"],
        ],
      },
      {
        kind: "stat",
        title: "Storage",
        description: "Whether what must survive a restart can be kept.",
        unit: "bool_yes_no",
        width: 6,
        queries: [{ expr: `min(status_exporter_storage_usable{${CHOSEN}})` }],
        thresholds: [
          [null, "red"],
          [1, "green"],
        ],
      },
      {
        kind: "stat",
        title: "Probes under way",
        description: "At this moment.",
        unit: "short",
        width: 6,
        queries: [{ expr: `sum(status_exporter_probes_in_flight{${CHOSEN}})` }],
      },
      {
        kind: "stat",
        title: "Running for",
        description: "Since its last start.",
        unit: "s",
        width: 6,
        queries: [{ expr: `time() - process_start_time_seconds{${CHOSEN}}`, legend: "{{instance}}" }],
      },
    ],
    [
      {
        kind: "graph",
        title: "Probes by outcome",
        description: "A second.",
        unit: "cps",
        width: 12,
        stacked: true,
        queries: [
          {
            expr: `sum by (outcome) (rate(status_exporter_probes_total{${CHOSEN}}[$__rate_interval]))`,
            legend: "{{outcome}}",
          },
        ],
      },
      {
        kind: "graph",
        title: "Duration of probes",
        description: "Nine of ten probes of each protocol take no longer.",
        unit: "s",
        width: 12,
        queries: [
          {
            expr: `histogram_quantile(0.9, sum by (protocol, le) (rate(status_exporter_probe_duration_seconds_bucket{${CHOSEN}}[$__rate_interval])))`,
            legend: "{{protocol}}",
          },
        ],
      },
    ],
    [
      {
        kind: "graph",
        title: "Processor",
        description: "Processors in use.",
        unit: "percentunit",
        width: 12,
        queries: [{ expr: `rate(process_cpu_seconds_total{${CHOSEN}}[$__rate_interval])`, legend: "{{instance}}" }],
      },
      {
        kind: "graph",
        title: "Memory",
        description: "Of the process.",
        unit: "bytes",
        width: 12,
        queries: [{ expr: `process_resident_memory_bytes{${CHOSEN}}`, legend: "{{instance}}" }],
      },
    ],
    [
      {
        kind: "graph",
        title: "Delay of the event loop",
        description: "99 of 100 waits are shorter. Long ones make every probe look slow.",
        unit: "s",
        width: 8,
        queries: [{ expr: `nodejs_eventloop_lag_p99_seconds{${CHOSEN}}`, legend: "{{instance}}" }],
      },
      {
        kind: "graph",
        title: "Reports of servers",
        description: "Taken, and turned down by reason; a minute.",
        unit: "cpm",
        width: 8,
        queries: [
          { expr: `60 * rate(status_exporter_reports_received_total{${CHOSEN}}[$__rate_interval])`, legend: "taken" },
          {
            expr: `60 * rate(status_exporter_reports_rejected_total{${CHOSEN}}[$__rate_interval])`,
            legend: "{{reason}}",
          },
        ],
      },
      {
        kind: "graph",
        title: "Trouble",
        description: "Probes whose asker hung up, faults of the storage and loads of the configuration; an hour.",
        unit: "short",
        width: 8,
        queries: [
          { expr: `increase(status_exporter_probes_cancelled_total{${CHOSEN}}[1h])`, legend: "asker hung up" },
          { expr: `increase(status_exporter_storage_faults_total{${CHOSEN}}[1h])`, legend: "storage {{fault}}" },
          { expr: `increase(status_exporter_config_reloads_total{${CHOSEN}}[1h])`, legend: "load {{result}}" },
        ],
      },
    ],
    [
      {
        kind: "table",
        title: "Versions",
        description: "Of the exporter and of the Node.js that it runs on.",
        unit: "none",
        width: 12,
        queries: [{ expr: `status_exporter_build_info{${CHOSEN}}` }],
        columns: { instance: "Exporter", version: "Version", node_version: "Node.js" },
        sort: { column: "Exporter", direction: "up" },
      },
      {
        kind: "table",
        title: "Declared services",
        description: "How the last probe of each ended, or the state in which it is.",
        unit: "none",
        width: 12,
        queries: [{ expr: `status_exporter_service_outcome_info{${CHOSEN}}` }],
        columns: { service: "Service", module: "Module", outcome: "Outcome" },
        sort: { column: "Outcome", direction: "up" },
      },
    ],
  ],
};
