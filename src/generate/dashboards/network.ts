import { CHOSEN, type DashboardSpec } from "./dashboard.ts";

/** Loss, round trips, connections and DNS. */
export const NETWORK: DashboardSpec = {
  name: "network",
  title: "network",
  description: "Packet loss, round trips, connections and DNS.",
  of: "probe_success",
  instances: "many",
  rows: [
    [
      {
        kind: "graph",
        title: "Packet loss",
        description: "Share of echo requests that were not answered in time.",
        unit: "percentunit",
        width: 12,
        max: 1,
        queries: [{ expr: `probe_icmp_loss_ratio{${CHOSEN}}`, legend: "{{instance}}" }],
      },
      {
        kind: "graph",
        title: "Round trips",
        description: "Over the packets of each probe.",
        unit: "s",
        width: 12,
        queries: [
          { expr: `probe_icmp_rtt_seconds{${CHOSEN},statistic!="stddev"}`, legend: "{{instance}} {{statistic}}" },
        ],
      },
    ],
    [
      {
        kind: "graph",
        title: "Jitter",
        description: "Mean difference between successive round trips.",
        unit: "s",
        width: 12,
        queries: [{ expr: `probe_icmp_jitter_seconds{${CHOSEN}}`, legend: "{{instance}}" }],
      },
      {
        kind: "graph",
        title: "Connections",
        description: "Time until a TCP connection stood.",
        unit: "s",
        width: 12,
        queries: [{ expr: `probe_phase_duration_seconds{${CHOSEN},phase="connect"}`, legend: "{{instance}}" }],
      },
    ],
    [
      {
        kind: "graph",
        title: "Name resolution",
        description: "Time that probes of any protocol needed to resolve the name of their target.",
        unit: "s",
        width: 12,
        queries: [{ expr: `probe_dns_lookup_time_seconds{${CHOSEN}}`, legend: "{{instance}}" }],
      },
      {
        kind: "graph",
        title: "DNS servers",
        description: "Duration of the dns prober's queries, by phase.",
        unit: "s",
        width: 12,
        queries: [{ expr: `probe_dns_duration_seconds{${CHOSEN}}`, legend: "{{instance}} {{phase}}" }],
      },
    ],
    [
      {
        kind: "table",
        title: "Answers of DNS servers",
        description: "The response code of the last query.",
        unit: "none",
        width: 12,
        queries: [{ expr: `probe_dns_rcode_info{${CHOSEN}}` }],
        columns: { instance: "Server", rcode: "Answer", job: "Job" },
        sort: { column: "Answer", direction: "up" },
        targets: "Server",
      },
      {
        kind: "table",
        title: "Names and networks that fail",
        description: "Probes that end before any protocol begins.",
        unit: "none",
        width: 12,
        queries: [{ expr: `probe_outcome_info{${CHOSEN},phase=~"resolve|connect"}` }],
        columns: { instance: "Target", outcome: "Outcome", job: "Job" },
        sort: { column: "Outcome", direction: "up" },
        targets: "Target",
      },
    ],
  ],
};
