import { CHOSEN, type DashboardSpec } from "./dashboard.ts";
import { OUTCOME_MAPPINGS } from "./mappings.ts";

/** Red from the last week, orange from the last month. */
const TIME_LEFT = [
  [null, "red"],
  [604_800, "orange"],
  [2_592_000, "green"],
] as const;

/** What ends, and what is wrong with it. */
export const CERTIFICATES: DashboardSpec = {
  name: "certificates",
  title: "certificates and domains",
  description: "Certificates and domains by the time that they have left, and what is wrong with them.",
  of: "probe_success",
  instances: "many",
  rows: [
    [
      {
        kind: "table",
        title: "Certificates by time left",
        description: "Until the first certificate of the chain expires.",
        unit: "s",
        width: 12,
        queries: [{ expr: `probe_ssl_earliest_cert_expiry{${CHOSEN}} - time()` }],
        columns: { instance: "Target", job: "Job", Value: "Left" },
        sort: { column: "Left", direction: "up" },
        targets: "Target",
        thresholds: TIME_LEFT,
      },
      {
        kind: "table",
        title: "Domains by time left",
        description: "Until the registration expires, where the registry publishes it or the module says it.",
        unit: "s",
        width: 12,
        queries: [{ expr: `probe_domain_expiry_timestamp_seconds{${CHOSEN}} - time()` }],
        columns: { instance: "Domain", job: "Job", Value: "Left" },
        sort: { column: "Left", direction: "up" },
        targets: "Domain",
        thresholds: TIME_LEFT,
      },
    ],
    [
      {
        kind: "table",
        title: "Problems of certificates",
        description:
          "Each problem that is known to be there, whether or not it fails the probe; of servers and of files.",
        unit: "none",
        width: 12,
        queries: [{ expr: `probe_ssl_problem{${CHOSEN}} == 1\nor probe_tls_file_problem{${CHOSEN}} == 1` }],
        columns: { instance: "Target", problem: "Problem", file: "File", job: "Job" },
        sort: { column: "Target", direction: "up" },
        targets: "Target",
      },
      {
        kind: "table",
        title: "Domains and certificates that fail",
        description: "Probes that fail because of a certificate, a registry or a registration.",
        unit: "string",
        width: 12,
        queries: [{ expr: `probe_outcome_info{${CHOSEN},phase=~"tls|registry|domain"}` }],
        mappings: OUTCOME_MAPPINGS,
        columns: { instance: "Target", outcome: "Outcome", job: "Job" },
        sort: { column: "Outcome", direction: "up" },
        targets: "Target",
      },
    ],
    [
      {
        kind: "table",
        title: "Certificate files by time left",
        description: "Of the tls prober's files.",
        unit: "s",
        width: 12,
        queries: [{ expr: `probe_tls_file_certificate_not_after_timestamp_seconds{${CHOSEN}} - time()` }],
        columns: { instance: "Target", file: "File", position: "Position", Value: "Left" },
        sort: { column: "Left", direction: "up" },
        targets: "Target",
        thresholds: TIME_LEFT,
      },
      {
        kind: "table",
        title: "TLS versions",
        description: "What was agreed upon in the last handshake.",
        unit: "none",
        width: 12,
        queries: [{ expr: `probe_tls_version_info{${CHOSEN}}` }],
        columns: { instance: "Target", version: "Version", job: "Job" },
        sort: { column: "Version", direction: "up" },
        targets: "Target",
      },
    ],
    [
      {
        kind: "table",
        title: "Registrars",
        description: "Who keeps each domain.",
        unit: "none",
        width: 12,
        queries: [{ expr: `probe_domain_info{${CHOSEN}}` }],
        columns: { instance: "Target", unicode: "Domain", registrar: "Registrar" },
        sort: { column: "Domain", direction: "up" },
        targets: "Target",
      },
      {
        kind: "table",
        title: "Age of what is known about domains",
        description: "Registries are asked about once a day; more means that they do not answer.",
        unit: "s",
        width: 12,
        queries: [{ expr: `probe_domain_answer_age_seconds{${CHOSEN}}` }],
        columns: { instance: "Domain", job: "Job", Value: "Age" },
        sort: { column: "Age", direction: "down" },
        targets: "Domain",
      },
    ],
  ],
};
