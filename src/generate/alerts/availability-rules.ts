import type { AlertRule, RecordingRule } from "./rule-group.ts";
import { alertingLink, HOST_OF_INSTANCE } from "./templates.ts";

/**
 * The share of probes that succeeded. A month is averaged from the hours, for a month of raw samples is too much to read
 * once a minute for every target.
 */
export const AVAILABILITY_RECORDS: readonly RecordingRule[] = [
  { record: "instance:probe_success:avg_over_time_1h", expr: "avg_over_time(probe_success[1h])" },
  { record: "instance:probe_success:avg_over_time_1d", expr: "avg_over_time(probe_success[1d])" },
  {
    record: "instance:probe_success:avg_over_time_30d",
    expr: "avg_over_time(instance:probe_success:avg_over_time_1h[30d])",
  },
];

/** Phases whose failures mean, by themselves, that the target does not do what it should. */
const OUTAGE = "resolve|connect|tls|upgrade|login|exchange|redirect|content";

/** Phases whose failures are ours: nothing is known about the target then. */
const SETUP = "request|deadline|policy|local";

/** What a rule for each code misses: each of them starts anew where the reason of a failure keeps changing. */
export const FAILING_RULES: readonly AlertRule[] = [
  {
    alert: "TargetFailing",
    expr: `max_over_time(probe_success[5m]) == 0\nand ignoring (outcome, phase, reason) probe_outcome_info{phase=~"${OUTAGE}"}`,
    for: "2m",
    labels: { severity: "critical", area: "connectivity", host: HOST_OF_INSTANCE },
    annotations: {
      summary: "{{ $labels.instance }}: no probe succeeded for five minutes",
      description: "Every probe of the last five minutes failed. If this comes alone, the reason keeps changing.",
      action: "Look at the history of its outcomes on the dashboard of the target.",
      runbook_url: alertingLink("failures-without-a-steady-reason"),
    },
  },
];

/** Whether Cloud Monitor would call a target unavailable from one detection point; our own faults say nothing about it. */
const UNAVAILABLE = "instance:cloudmonitor_unavailable:bool";

/**
 * Cloud Monitor's own forms of rules. What it calls a detection point is an exporter here: give the targets of each a
 * label `point`. With a single one, all points and any point are the same.
 */
export const CLOUD_MONITOR_FORM_RULES: readonly (AlertRule | RecordingRule)[] = [
  {
    record: UNAVAILABLE,
    expr: [
      '(probe_status_code{catalogue="cloudmonitor"} >= bool 400)',
      "* ignoring (catalogue, list) (1 - probe_success)",
      `unless ignoring (outcome, phase, reason) probe_outcome_info{phase=~"${SETUP}"}`,
    ].join("\n"),
  },
  form({
    alert: "CloudMonitorAllPointsUnavailable",
    expr: `min without (point) (${UNAVAILABLE}) > 0`,
    severity: "critical",
    summary: "unavailable from every point",
    description: "Every point that probes the target finds it unavailable: a combined alert in Cloud Monitor's words.",
    action: "The fault is at the target or close to it. Its codes say which.",
  }),
  form({
    alert: "CloudMonitorAnyPointUnavailable",
    expr: `max without (point) (${UNAVAILABLE}) > 0`,
    severity: "warning",
    summary: "unavailable from at least one point",
    description: "At least one point finds the target unavailable: an independent alert in Cloud Monitor's words.",
    action: "Compare the points. If one alone fails, look at the network between it and the target.",
  }),
  form({
    alert: "CloudMonitorAvailabilityLow",
    expr: `100 * (1 - avg without (point) (${UNAVAILABLE})) < 90`,
    severity: "warning",
    summary: 'available from {{ $value | printf "%.0f" }} % of the points',
    description: "Less than 90 % of the points find the target available.",
    action: "Compare the points, and what those that fail have in common: provider, region, IPv6.",
  }),
  {
    ...form({
      alert: "CloudMonitorResponseTimeHigh",
      expr: "avg without (point) (avg_over_time(probe_duration_seconds[5m])) > 5\nand min without (point) (probe_success) == 1",
      severity: "warning",
      summary: "takes {{ $value | humanizeDuration }} to answer",
      description: "Probes of the last five minutes took more than 5 s on average, over all points.",
      action: "The durations of the phases show whether the name, the network, TLS or the application became slow.",
    }),
  },
];

interface Form {
  readonly alert: string;
  readonly expr: string;
  readonly severity: "critical" | "warning";
  readonly summary: string;
  readonly description: string;
  readonly action: string;
}

function form({ alert, expr, severity, summary, description, action }: Form): AlertRule {
  return {
    alert,
    expr,
    for: "2m",
    labels: {
      catalogue: "cloudmonitor",
      severity,
      area: alert === "CloudMonitorResponseTimeHigh" ? "performance" : "connectivity",
      host: HOST_OF_INSTANCE,
    },
    annotations: {
      summary: `{{ $labels.instance }}: ${summary}`,
      description,
      action,
      runbook_url: alertingLink("cloud-monitors-forms"),
    },
  };
}
