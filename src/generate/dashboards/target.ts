import { CLOUD_MONITOR_CODES } from "../../catalogue/cloudmonitor/codes.ts";
import { HITFLOW_CODES } from "../../catalogue/hitflow/codes.ts";
import { CATALOGUE_NAMES, CATALOGUES, type Catalogue, type StatusCode } from "../../catalogue/status-code.ts";
import { CHOSEN_ONE, type DashboardSpec } from "./dashboard.ts";
import { codeMappings, HTTP_CLASS_MAPPINGS, OUTCOME_MAPPINGS } from "./mappings.ts";
import type { PanelSpec } from "./panel.ts";

const LISTS: Readonly<Record<Catalogue, ReadonlySet<StatusCode["list"]>>> = {
  cloudmonitor: new Set(CLOUD_MONITOR_CODES.map(({ list }) => list)),
  hitflow: new Set(HITFLOW_CODES.map(({ list }) => list)),
};

/** One target: what happened to it, and where its time goes. */
export const TARGET: DashboardSpec = {
  name: "target",
  title: "target",
  description: "One target: the history of its outcomes and codes, where its time goes, and its certificate.",
  of: "probe_success",
  instances: "one",
  rows: [
    [
      ...["1h", "1d", "30d"].map(
        (span): PanelSpec => ({
          kind: "stat",
          title: `Availability over ${span}`,
          description: "Share of probes that succeeded; recorded by the rules in availability.yml.",
          unit: "percentunit",
          width: 4,
          queries: [{ expr: `instance:probe_success:avg_over_time_${span}{${CHOSEN_ONE}}`, legend: "{{job}}" }],
          thresholds: [
            [null, "red"],
            [0.99, "yellow"],
            [0.999, "green"],
          ],
        }),
      ),
      {
        kind: "stat",
        title: "HTTP status",
        description: "Of the last response, where there was one.",
        unit: "none",
        width: 4,
        queries: [{ expr: `probe_http_status_code{${CHOSEN_ONE}}`, legend: "{{job}}" }],
        mappings: HTTP_CLASS_MAPPINGS,
      },
      {
        kind: "stat",
        title: "Certificate ends in",
        description: "Time until the first certificate of the chain expires.",
        unit: "s",
        width: 4,
        queries: [{ expr: `probe_ssl_earliest_cert_expiry{${CHOSEN_ONE}} - time()`, legend: "{{job}}" }],
        thresholds: [
          [null, "red"],
          [604_800, "orange"],
          [2_592_000, "green"],
        ],
      },
      {
        kind: "stat",
        title: "Duration",
        description: "Of the last probe.",
        unit: "s",
        width: 4,
        queries: [{ expr: `probe_duration_seconds{${CHOSEN_ONE}}`, legend: "{{job}}" }],
      },
    ],
    [
      {
        kind: "timeline",
        title: "Outcomes",
        description: "How the probes ended.",
        unit: "string",
        width: 24,
        height: 5,
        queries: [{ expr: `probe_outcome_info{${CHOSEN_ONE}}` }],
        stateLabel: { state: "outcome", row: "job" },
        mappings: OUTCOME_MAPPINGS,
      },
    ],
    CATALOGUES.map(codeHistory),
    [
      {
        kind: "graph",
        title: "Phases",
        description: "Where the time of each probe went.",
        unit: "s",
        width: 12,
        stacked: true,
        queries: [{ expr: `probe_phase_duration_seconds{${CHOSEN_ONE}}`, legend: "{{phase}} {{job}}" }],
      },
      {
        kind: "graph",
        title: "Duration and time allowed",
        description: "Where both meet, probes are cut off.",
        unit: "s",
        width: 12,
        queries: [
          { expr: `probe_duration_seconds{${CHOSEN_ONE}}`, legend: "duration {{job}}" },
          { expr: `probe_timeout_seconds{${CHOSEN_ONE}}`, legend: "allowed {{job}}" },
        ],
      },
    ],
    [
      {
        kind: "table",
        title: "Certificates of the chain",
        description: "Each with the time that it has left; 0 is the server's own.",
        unit: "s",
        width: 16,
        queries: [
          {
            expr: [
              `(probe_ssl_certificate_not_after_timestamp_seconds{${CHOSEN_ONE}} - time())`,
              "* on (job, instance, position) group_left (subject, issuer, key_type, key_bits)",
              `probe_ssl_certificate_info{${CHOSEN_ONE}}`,
            ].join("\n"),
          },
        ],
        columns: {
          position: "Position",
          subject: "Subject",
          issuer: "Issuer",
          key_type: "Key",
          key_bits: "Bits",
          Value: "Left",
        },
        sort: { column: "Position", direction: "up" },
      },
      {
        kind: "table",
        title: "Problems of the certificates",
        description: "Those that are known to be there.",
        unit: "none",
        width: 8,
        queries: [{ expr: `probe_ssl_problem{${CHOSEN_ONE}} == 1` }],
        columns: { problem: "Problem", job: "Job" },
        sort: { column: "Problem", direction: "up" },
      },
    ],
  ],
};

/** A query for each list, because the same number means different things in different lists. */
function codeHistory(catalogue: Catalogue): PanelSpec {
  return {
    kind: "timeline",
    title: `Codes of ${CATALOGUE_NAMES[catalogue]}`,
    description: "The documented code of each probe, with its meaning in its list.",
    unit: "none",
    width: 12,
    height: 6,
    queries: [...LISTS[catalogue]].map((list) => ({
      expr: `probe_status_code{${CHOSEN_ONE},catalogue="${catalogue}",list="${list}"}`,
      legend: `${list} {{job}}`,
      mappings: codeMappings(catalogue, list),
    })),
  };
}
