import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { defineProber, type ProbeContext } from "../../probe/prober.ts";
import type { ServerSettings } from "../../settings/server-settings.ts";
import type { Sample } from "./figures.ts";
import { type Judgement, judge } from "./judge.ts";
import { lateness } from "./lateness.ts";
import { measureFigures, measureJudgements } from "./measure-sample.ts";
import { askNodeExporter } from "./node-exporter.ts";
import { NodeExporterSamples } from "./node-exporter-samples.ts";
import { ServerReports } from "./server-reports.ts";
import { type ServerModuleSettings, serverModuleSettings } from "./settings.ts";
import { usageOf } from "./usage.ts";

/** Judges a server by its last report, or by what its node_exporter says now. The target is its name in `servers:`. */
export const server = defineProber({ protocol: "server", memory: "served", settings: serverModuleSettings, probe });

async function probe(target: string, _settings: ServerModuleSettings, context: ProbeContext): Promise<void> {
  const reports = context.services.get(ServerReports);
  const settings = reports.servers.get(target);
  if (settings === undefined) {
    const detail = `There is no server ${JSON.stringify(target.slice(0, 100))} in the configuration`;
    throw new ProbeFailure("request/parameter-missing", { detail });
  }
  await context.during("server", async () => {
    if (settings.source.kind === "reports")
      context.measure("probe_server_report_interval_seconds", settings.reportIntervalSeconds);
    const samples = await samplesOf(target, { settings, reports, context });
    context.measure("probe_server_last_report_timestamp_seconds", samples.latest.receivedAt / 1000);
    if (samples.problem !== undefined) throw samples.problem;
    weigh(samples, { settings, context });
  });
}

interface Samples {
  readonly latest: Sample;
  readonly previous: Sample | undefined;
  /** Why the latest is not to be relied on. */
  readonly problem?: ProbeFailure | undefined;
}

async function samplesOf(
  target: string,
  given: { readonly settings: ServerSettings; readonly reports: ServerReports; readonly context: ProbeContext },
): Promise<Samples> {
  const { settings, reports, context } = given;
  const { source } = settings;
  if (source.kind === "reports") return reported(reports, { target, settings });
  const samples = context.services.get(NodeExporterSamples);
  const answeredAt = samples.answeredAt(target);
  // Stays if the server does not answer now.
  if (answeredAt !== undefined) context.measure("probe_server_last_report_timestamp_seconds", answeredAt / 1000);
  return samples.exchange(target, await askNodeExporter(source, context));
}

async function reported(
  reports: ServerReports,
  { target, settings }: { readonly target: string; readonly settings: ServerSettings },
): Promise<Samples> {
  const [standing] = await reports.standings([target]);
  if (standing === undefined) {
    throw new ProbeFailure("state/pending", { detail: `No report of ${target} has come in yet` });
  }
  return { ...standing, problem: lateness(standing.silentSeconds, settings) };
}

function weigh(
  { latest, previous }: Samples,
  { settings, context }: { readonly settings: ServerSettings; readonly context: ProbeContext },
): void {
  const known = { figures: latest.figures, usage: usageOf(latest, previous) };
  const judgements = judge(known, settings);
  const measure: ProbeContext["measure"] = (name, value, labels) => context.measure(name, value, labels);
  measureFigures(known, measure);
  measureJudgements(judgements, measure);
  tell(judgements, context);
  const first = judgements.find(({ exceeded }) => exceeded === true);
  if (first !== undefined) throw new ProbeFailure(first.outcome, { detail: first.detail });
}

function tell(judgements: readonly Judgement[], context: ProbeContext): void {
  for (const { threshold, limit, exceeded, detail } of judgements) {
    if (exceeded === undefined) context.log("warn", "The report does not tell", { threshold, limit });
    else if (exceeded) context.log("warn", "Threshold exceeded", { threshold, limit, detail });
  }
}
