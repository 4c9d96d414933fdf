import { CHOSEN, type DashboardSpec } from "./dashboard.ts";
import { codeMappings } from "./mappings.ts";

/** Servers that report, beside the limits that are set for them. */
export const SERVERS: DashboardSpec = {
  name: "servers",
  title: "servers",
  description: "Servers that report: their resources beside the limits that are set, and Hitflow's statuses.",
  of: "probe_server_last_report_timestamp_seconds",
  instances: "many",
  rows: [
    [
      {
        kind: "timeline",
        title: "Hitflow's status",
        description: "100 to 105: over a limit; 106: the report is overdue.",
        unit: "none",
        width: 16,
        queries: [{ expr: `probe_status_code{${CHOSEN},catalogue="hitflow",list="server"}`, legend: "{{instance}}" }],
        mappings: codeMappings("hitflow", "server"),
      },
      {
        kind: "table",
        title: "Last reports",
        description: "How long ago each server reported.",
        unit: "s",
        width: 8,
        height: 8,
        queries: [{ expr: `time() - probe_server_last_report_timestamp_seconds{${CHOSEN}}` }],
        columns: { instance: "Server", Value: "Ago" },
        sort: { column: "Ago", direction: "down" },
        targets: "Server",
      },
    ],
    [
      {
        kind: "graph",
        title: "Load",
        description: "Load average, with its limit.",
        unit: "short",
        width: 12,
        queries: [
          { expr: `probe_server_load{${CHOSEN}}`, legend: "{{instance}} {{period}}" },
          { expr: `probe_server_threshold{${CHOSEN},threshold="load"}`, legend: "{{instance}} limit" },
        ],
      },
      {
        kind: "graph",
        title: "Processor",
        description: "Share of the processors' time in use, with its limit.",
        unit: "percentunit",
        width: 12,
        max: 1,
        queries: [
          { expr: `probe_server_cpu_usage_ratio{${CHOSEN}}`, legend: "{{instance}}" },
          { expr: `probe_server_threshold{${CHOSEN},threshold="cpu"}`, legend: "{{instance}} limit" },
        ],
      },
    ],
    [
      {
        kind: "graph",
        title: "Memory",
        description: "Share of the memory in use, with its limit.",
        unit: "percentunit",
        width: 12,
        max: 1,
        queries: [
          { expr: `probe_server_memory_usage_ratio{${CHOSEN}}`, legend: "{{instance}}" },
          { expr: `probe_server_threshold{${CHOSEN},threshold="memory"}`, legend: "{{instance}} limit" },
        ],
      },
      {
        kind: "graph",
        title: "Storage",
        description: "Share of each file system in use, with the limit for each.",
        unit: "percentunit",
        width: 12,
        max: 1,
        queries: [
          { expr: `probe_server_storage_usage_ratio{${CHOSEN}}`, legend: "{{instance}} {{mountpoint}}" },
          { expr: `probe_server_threshold{${CHOSEN},threshold="storage"}`, legend: "{{instance}} limit" },
        ],
      },
    ],
    [
      {
        kind: "graph",
        title: "Received",
        description: "Bytes per second of each network device, with the limit for each.",
        unit: "binBps",
        width: 12,
        queries: [
          { expr: `probe_server_network_receive_bytes_per_second{${CHOSEN}}`, legend: "{{instance}} {{device}}" },
          { expr: `probe_server_threshold{${CHOSEN},threshold="bandwidth-in"}`, legend: "{{instance}} limit" },
        ],
      },
      {
        kind: "graph",
        title: "Sent",
        description: "Bytes per second of each network device, with the limit for each.",
        unit: "binBps",
        width: 12,
        queries: [
          { expr: `probe_server_network_transmit_bytes_per_second{${CHOSEN}}`, legend: "{{instance}} {{device}}" },
          { expr: `probe_server_threshold{${CHOSEN},threshold="bandwidth-out"}`, legend: "{{instance}} limit" },
        ],
      },
    ],
    [
      {
        kind: "table",
        title: "Over a limit now",
        description: "Every limit that the last report exceeds; the status names the first of them.",
        unit: "none",
        width: 12,
        queries: [{ expr: `probe_server_threshold_exceeded{${CHOSEN}} == 1` }],
        columns: { instance: "Server", threshold: "Limit" },
        sort: { column: "Server", direction: "up" },
        targets: "Server",
      },
      {
        kind: "table",
        title: "Systems",
        description: "What each server says it is.",
        unit: "none",
        width: 12,
        queries: [{ expr: `probe_server_info{${CHOSEN}}` }],
        columns: {
          instance: "Server",
          hostname: "Host name",
          operating_system: "System",
          kernel: "Kernel",
          agent: "Agent",
        },
        sort: { column: "Server", direction: "up" },
        targets: "Server",
      },
    ],
  ],
};
