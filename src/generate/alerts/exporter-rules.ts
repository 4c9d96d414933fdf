import { OUTLIVING } from "./keep-firing.ts";
import type { AlertRule } from "./rule-group.ts";
import { alertingLink } from "./templates.ts";

interface Fault {
  readonly alert: string;
  readonly expr: string;
  readonly lasting: string;
  /** How long it goes on after its end. */
  readonly keeping?: string;
  readonly severity: "critical" | "warning";
  readonly summary: string;
  readonly description: string;
  readonly action: string;
}

/** What can be wrong with the exporter itself, and between Prometheus and it: all of it is for whoever runs it. */
export const EXPORTER_RULES: readonly AlertRule[] = [
  {
    alert: "StatusExporterDown",
    // Known by what it told before, so that no name of a job is needed.
    expr: "up == 0\nand on (job, instance) last_over_time(status_exporter_build_info[1d])",
    lasting: "2m",
    keeping: OUTLIVING,
    severity: "critical" as const,
    summary: "{{ $labels.instance }}: Status Exporter does not answer",
    description: "Prometheus cannot scrape the exporter's own metrics. Nothing that it probes is watched meanwhile.",
    action: "Is the process running, and does its port answer? Its log says why it ended.",
  },
  {
    alert: "StatusExporterAbsent",
    expr: "absent(last_over_time(status_exporter_build_info[1d]))",
    lasting: "10m",
    severity: "critical" as const,
    summary: "Prometheus has no metrics of Status Exporter",
    description: "No exporter told anything about itself for a day, or none was ever scraped.",
    action: "Add a scrape job for the exporter's own `/metrics`, or correct its address.",
  },
  {
    alert: "StatusExporterProbesUnanswered",
    expr: "count by (job) (up == 0 and last_over_time(probe_success[1d])) > 0",
    lasting: "5m",
    severity: "critical" as const,
    summary: "{{ $labels.job }}: {{ $value }} probes are not answered",
    description:
      "Prometheus asks for probes and gets no metrics. A probe that fails is answered all the same, so the fault lies between Prometheus and the exporter.",
    action:
      "Prometheus' page of targets has the error of each scrape. Does the exporter answer, is its address right, and is the scrape's time-out longer than the exporter's offset?",
  },
  {
    alert: "StatusExporterProbeNearDeadline",
    expr: "max_over_time(probe_duration_seconds[5m]) > 0.8 * probe_timeout_seconds\nand probe_success == 1",
    lasting: "10m",
    severity: "warning" as const,
    summary: "{{ $labels.instance }}: a probe takes {{ $value | humanizeDuration }}, close to its deadline",
    description: "Probes still succeed but use more than 80 % of their time: soon they will look like an outage.",
    action: "Give them more time (the scrape's `scrape_timeout` and the module's `timeout`), or see why they are slow.",
  },
  {
    alert: "StatusExporterFaultWithoutCode",
    expr: [
      'probe_outcome_info{phase=~"request|deadline|policy|local"}',
      "unless ignoring (outcome, phase, reason) count without (catalogue, list) (probe_status_code)",
    ].join("\n"),
    lasting: "2m",
    severity: "warning" as const,
    summary: "{{ $labels.instance }}: {{ $labels.outcome }}",
    description: "The probe failed for a cause of our own for which no list has a code.",
    action: "The outcome says what; the detail is on the exporter's home page.",
  },
  {
    alert: "StatusExporterConfigNotReloaded",
    expr: "status_exporter_config_last_reload_successful == 0",
    lasting: "5m",
    severity: "warning" as const,
    summary: "{{ $labels.instance }}: the configuration was not loaded",
    description: "The configuration file is wrong. The exporter goes on with the last one that was right.",
    action: "`status-exporter --config.check` names every mistake in it, and so does the exporter's log.",
  },
  {
    alert: "StatusExporterStorageFailing",
    expr: "status_exporter_storage_usable == 0",
    lasting: "5m",
    severity: "warning" as const,
    summary: "{{ $labels.instance }}: what must survive a restart cannot be kept",
    description:
      "The file of `--storage.path` or the server of `--storage.url` cannot be used. Probes go on; a restart would forget what was learned, and servers' reports are not acknowledged.",
    action:
      "Is the disk full, or is the file or its directory not writable? Is Redis away, read-only or out of memory? The exporter's log has the error.",
  },
  {
    alert: "StatusExporterStorageDamaged",
    expr: 'increase(status_exporter_storage_faults_total{fault="corrupt"}[1h]) > 0',
    lasting: "0m",
    severity: "warning" as const,
    summary: "{{ $labels.instance }}: the stored data was damaged and begun anew",
    description: "The file of `--storage.path` was damaged. It was set aside, and what it held is learned again.",
    action: "Check the disk. The damaged file lies beside the new one.",
  },
  {
    alert: "StatusExporterReportsRejected",
    expr: "sum without (reason) (increase(status_exporter_reports_rejected_total[15m])) > 0",
    lasting: "15m",
    severity: "warning" as const,
    summary: "{{ $labels.instance }}: reports of servers are turned down",
    description: "For a quarter of an hour, reports of servers have come in that were not taken.",
    action:
      "The label `reason` of `status_exporter_reports_rejected_total` says why: mostly a token that was changed on one side, or a server that is not declared.",
  },
  {
    alert: "StatusExporterDefect",
    expr: 'sum without (module, protocol) (increase(status_exporter_probes_total{outcome="local/defect"}[15m])) > 0',
    lasting: "0m",
    severity: "warning" as const,
    summary: "{{ $labels.instance }}: probes end in a defect of the exporter",
    description: "Something went wrong in the exporter itself. It says nothing about the targets.",
    action: "The exporter's log has the stack: please report it.",
  },
  {
    alert: "StatusExporterRestarting",
    expr: "changes(process_start_time_seconds[15m]) > 2\nand on (job, instance) status_exporter_build_info",
    lasting: "0m",
    severity: "warning" as const,
    summary: "{{ $labels.instance }}: restarted {{ $value }} times in a quarter of an hour",
    description: "The exporter ends and is started again and again.",
    action: "Its log says why it ended; so does whatever starts it, for example when it runs out of memory.",
  },
].map(faultRule);

function faultRule({ alert, expr, lasting, keeping, severity, summary, description, action }: Fault): AlertRule {
  return {
    alert,
    expr,
    for: lasting,
    ...(keeping === undefined ? {} : { keep_firing_for: keeping }),
    labels: { severity, area: "setup" },
    annotations: { summary, description, action, runbook_url: alertingLink("the-exporter-itself") },
  };
}
