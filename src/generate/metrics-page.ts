import {
  DNS,
  DOMAIN,
  FTP,
  GRPC,
  HTTP,
  ICMP,
  IMAP,
  MATCHING,
  type MeasurementDefinition,
  POP3,
  REPORT_METRICS,
  RESOLUTION,
  SERVER,
  SMTP,
  TLS,
  TLS_PROBER,
  UDP,
  WEBSOCKET,
} from "../outcome/measurement.ts";
import { markdownPage, markdownTable } from "./markdown.ts";

interface Group {
  readonly title: string;
  readonly text: string;
  readonly table: Readonly<Record<string, MeasurementDefinition>>;
}

/** In the order in which a reader meets them. */
const GROUPS: readonly Group[] = [
  {
    title: "In every answer",
    text: "These come from the probe's report, whatever the protocol and the outcome. `probe_status_code` and `probe_status_info` have one series for each catalogue that has a code for this protocol.",
    table: REPORT_METRICS,
  },
  {
    title: "Where an address was looked up",
    text: "In the answers of probes that resolved a name or were given an address.",
    table: RESOLUTION,
  },
  {
    title: "Where a TLS handshake finished",
    text: "In the answers of probes that spoke TLS. The certificate's metrics are there whatever the verdict on it: an expired certificate still has its expiry. Position 0 is the server's own certificate; ten are shown at most. `probe_ssl_problem` has every problem, each judged by itself: 1 where it was found. `revoked` is 0 as well where nobody was asked; an authority's good word is in `probe_tls_ocsp_status_info` or `probe_ssl_crl_revoked`.",
    table: TLS,
  },
  {
    title: "In answers of the tls prober",
    text: "Beside the metrics of every TLS handshake; each comes with the setting or the kind of target that it belongs to. The names of files are those that the target's pattern found.",
    table: TLS_PROBER,
  },
  {
    title: "Where a reply was compared with what it should be",
    text: "In the answers of the http, tcp, unix and udp probers; `probe_expect_info` also in those of websocket, with the labels that the module's `query_response` gives to what it matched.",
    table: MATCHING,
  },
  {
    title: "In answers of the http prober",
    text: "What was measured before a failure is kept.",
    table: HTTP,
  },
  {
    title: "In answers of the udp prober",
    text: "From the first reply on.",
    table: UDP,
  },
  {
    title: "In answers of the dns prober",
    text: "`probe_dns_duration_seconds`, `probe_dns_query_succeeded` and the counts of records are always there, and 0 until they are known. The rest comes with the reply; `probe_dns_serial` only with a SOA record that was asked for.",
    table: DNS,
  },
  {
    title: "In answers of the icmp prober",
    text: "`probe_icmp_duration_seconds` is always there, and 0 until a phase is over; its phase `rtt` is the average round trip. The counts and the loss are there as soon as a packet was sent. Round trips come with the first reply, `stddev` and the jitter with the second: what nobody answered has no round trip. The hop limit is that of the last reply.",
    table: ICMP,
  },
  {
    title: "In answers of the websocket prober",
    text: "Status, upgrade and failure by expression are 0 until they are known. The duration's phases are `resolve`, `connect`, `processing` (TLS and the upgrade) and `transfer` (the conversation), each from when it was entered.",
    table: WEBSOCKET,
  },
  {
    title: "In answers of the grpc prober",
    text: "The duration's phases are `resolve` and `check`, which is everything after the look-up. `probe_grpc_status_code` is there where the server said one; `probe_grpc_healthcheck_response` has a series for each status, 1 for the one that was answered.",
    table: GRPC,
  },
  {
    title: "In answers of the smtp prober",
    text: "What was learned before a failure is kept. Each capability in the reply to EHLO is a series, at most 50; the limit is there where the server names one. The two of STARTTLS are there where the connection was plain at first.",
    table: SMTP,
  },
  {
    title: "In answers of the pop3 prober",
    text: "What was learned before a failure is kept. Each capability in the answer to CAPA is a series, at most 50. The two of STLS are there where the connection was plain at first, those of the maildrop where the module logs in.",
    table: POP3,
  },
  {
    title: "In answers of the imap prober",
    text: "What was learned before a failure is kept. Each capability is a series, at most 100. The two of STARTTLS are there where the connection was plain at first, those of the mailbox where the module logs in and the server tells them.",
    table: IMAP,
  },
  {
    title: "In answers of the ftp prober",
    text: "What was learned before a failure is kept. That of AUTH TLS is there where the connection was plain at first. The operations of a transfer are `list`, `download` and `upload`, each where the module asks for it and the server agreed, also if it failed then. The entries are absent where the listing is in no known form or longer than 256 KiB.",
    table: FTP,
  },
  {
    title: "In answers of the domain prober",
    text: "What the registry does not publish is absent: without a published expiry `probe_domain_expiry_published` is 0 and there is no timestamp, unless the module gives one. The states that follow from the statuses (lock, hold, deletion …) are there where the registry publishes any status. `probe_domain_answer_age_seconds` says how old all of it is.",
    table: DOMAIN,
  },
  {
    title: "In answers of the server prober",
    text: "The figures are those of the server's last report, or of its node_exporter at the time of the probe. What a report leaves out is absent. Usage of the processors and the network's rates come with the second report, and are absent where the server was restarted in between. Of a report that is late only its time is left, and the limits.",
    table: SERVER,
  },
];

/** The reference of the metrics on `/probe`, as a page in Markdown. */
export function metricsPage(): string {
  return markdownPage([
    "# Metrics",
    "Generated from `src/outcome/measurement.ts` by `npm run generate`; do not edit.",
    "What an answer of `/probe` holds. Every metric is a gauge in base units: seconds, bytes, Unix seconds. What was not measured is absent.",
    ...GROUPS.flatMap(groupSection),
  ]);
}

function groupSection({ title, text, table }: Group): readonly string[] {
  const rows = Object.entries(table).map(metricCells);
  return [`## ${title}`, text, markdownTable(["Metric", "Labels", "Help"], rows)];
}

function metricCells([name, { labels, help }]: readonly [string, MeasurementDefinition]): readonly string[] {
  return [`\`${name}\``, labelsCell(labels), help];
}

function labelsCell(labels: MeasurementDefinition["labels"]): string {
  if (labels === "free") return "chosen by the module";
  return labels.map((label) => `\`${label}\``).join(", ") || "none";
}
