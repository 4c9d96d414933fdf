import { CHOSEN, type DashboardSpec } from "./dashboard.ts";
import { OUTCOME_MAPPINGS } from "./mappings.ts";

/** A failure with its outcome, as PromQL: both are of the same answer, so that all labels of the target are equal. */
const FAILED_CODES = [
  `probe_status_info{${CHOSEN}}`,
  "* ignoring (catalogue, list, code, message, outcome, phase, reason) group_left (outcome)",
  `probe_outcome_info{${CHOSEN},outcome!="success"}`,
].join("\n");

/** All targets at once: what is down, and why. */
export const FLEET: DashboardSpec = {
  name: "fleet",
  title: "fleet",
  description: "All targets: what is down and why, how available they are, and which are slow.",
  of: "probe_success",
  instances: "many",
  rows: [
    [
      {
        kind: "stat",
        title: "Targets",
        description: "How many targets are probed.",
        unit: "short",
        width: 6,
        queries: [{ expr: `count(probe_success{${CHOSEN}})` }],
      },
      {
        kind: "stat",
        title: "Failing",
        description: "How many of them fail now.",
        unit: "short",
        width: 6,
        queries: [{ expr: `count(probe_success{${CHOSEN}} == 0) or vector(0)` }],
        thresholds: [
          [null, "green"],
          [1, "red"],
        ],
      },
      {
        kind: "stat",
        title: "Availability",
        description: "Share of all probes that succeeded, over the time that is shown.",
        unit: "percentunit",
        width: 6,
        queries: [{ expr: `avg(avg_over_time(probe_success{${CHOSEN}}[$__range]))` }],
        thresholds: [
          [null, "red"],
          [0.99, "yellow"],
          [0.999, "green"],
        ],
      },
      {
        kind: "stat",
        title: "Faults of our own",
        description:
          "Probes that failed because of the request, the deadline, a policy or this host: nothing is known about their targets.",
        unit: "short",
        width: 6,
        queries: [{ expr: `count(probe_outcome_info{${CHOSEN},phase=~"request|deadline|policy|local"}) or vector(0)` }],
        thresholds: [
          [null, "green"],
          [1, "orange"],
        ],
      },
    ],
    [
      {
        kind: "timeline",
        title: "Outcomes",
        description: "How the probes of each target ended; a colour is an area.",
        unit: "string",
        width: 24,
        height: 12,
        queries: [{ expr: `probe_outcome_info{${CHOSEN}}` }],
        stateLabel: { state: "outcome", row: "instance" },
        mappings: OUTCOME_MAPPINGS,
      },
    ],
    [
      {
        kind: "table",
        title: "What fails now, and its codes",
        description: "The documented codes of every target that fails, with their meaning.",
        unit: "string",
        width: 24,
        queries: [{ expr: FAILED_CODES }],
        mappings: OUTCOME_MAPPINGS,
        columns: {
          instance: "Target",
          outcome: "Outcome",
          catalogue: "Catalogue",
          list: "List",
          code: "Code",
          message: "Meaning",
          job: "Job",
        },
        sort: { column: "Target", direction: "up" },
        targets: "Target",
      },
    ],
    [
      {
        kind: "table",
        title: "Availability by target",
        description: "Share of its probes that succeeded, over the time that is shown; the worst first.",
        unit: "percentunit",
        width: 12,
        queries: [{ expr: `sort(avg_over_time(probe_success{${CHOSEN}}[$__range]))` }],
        columns: { instance: "Target", job: "Job", Value: "Availability" },
        sort: { column: "Availability", direction: "up" },
        targets: "Target",
        thresholds: [
          [null, "red"],
          [0.99, "yellow"],
          [0.999, "green"],
        ],
      },
      {
        kind: "table",
        title: "Slowest",
        description: "The twenty targets whose probes took longest on average, over the time that is shown.",
        unit: "s",
        width: 12,
        queries: [{ expr: `topk(20, avg_over_time(probe_duration_seconds{${CHOSEN}}[$__range]))` }],
        columns: { instance: "Target", job: "Job", Value: "Duration" },
        sort: { column: "Duration", direction: "down" },
        targets: "Target",
      },
    ],
  ],
};
