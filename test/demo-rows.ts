import { RESTING_MODULES, RESTING_TARGET, type RestingState, restingName } from "./faults/resting-services.ts";
import type { Fleet, Member } from "./faults/start-fleet.ts";
import { startExhaustedExporter } from "./support/exhausted-exporter.ts";
import type { Scrape, TestExporter } from "./support/exporter.ts";
import { inTurns } from "./support/in-turns.ts";
import { parseMetrics, type Sample } from "./support/parse-metrics.ts";

/** The columns of the demonstration's table. */
export const COLUMNS = ["What is wrong", "Target", "Outcome", "Cloud Monitor", "Hitflow", "Detail"] as const;

/** A cell for each column. */
export type Row = readonly string[];

/** Few enough that a short deadline is not missed because of the crowd. */
const AT_ONCE = 8;

/** Probes every fault of a target, of a scrape or of a configuration. */
export function probedRows(
  { members }: Pick<Fleet, "members">,
  { explain }: Pick<TestExporter, "explain">,
): Promise<readonly Row[]> {
  const faults = members.filter(({ fault }) => fault.exporter === undefined);
  return inTurns(faults, { atOnce: AT_ONCE, work: (member) => probe(member, explain) });
}

/** Probes what shows only in an exporter that has no file descriptor left: one that is started for it, and ended. */
export async function exhaustedRows({ members, configuration }: Fleet): Promise<readonly Row[]> {
  const faults = members.filter(({ fault }) => fault.exporter === "exhausted");
  await using exporter = await startExhaustedExporter({ configuration, scrapes: faults.map(scrapeOf) });
  return await inTurns(faults, { atOnce: 1, work: (member) => probe(member, exporter.explain) });
}

/** What `/metrics` says about services that are declared and were not probed. */
export async function restingRows(url: string, states: readonly RestingState[]): Promise<readonly Row[]> {
  const samples = parseMetrics(await (await fetch(`${url}/metrics`)).text());
  const names = states.flatMap((state) => Object.keys(RESTING_MODULES).map((list) => restingName(list, state)));
  return names.map((name) => restingRow(name, samples));
}

async function probe(member: Member, explain: TestExporter["explain"]): Promise<Row> {
  const { fault, started } = member;
  const text = await explain(scrapeOf(member));
  const said = (pattern: RegExp): string => pattern.exec(text)?.[1] ?? "";
  return [
    `${fault.subject}: ${fault.name}`,
    started.target,
    said(/^Outcome: (.*)$/mu),
    said(/^Code: cloudmonitor (.*)$/mu),
    said(/^Code: hitflow (.*)$/mu),
    said(/^Detail: (.*)$/mu),
  ];
}

function scrapeOf({ started, module }: Member): Scrape {
  return { module, target: started.target, timeout: started.scrapeTimeout ?? "10" };
}

function restingRow(service: string, samples: readonly Sample[]): Row {
  const find = (metric: string, wanted: Sample["labels"]): Sample | undefined =>
    samples.find(
      ({ name, labels }) =>
        name === metric && Object.entries(wanted).every(([label, value]) => labels[label] === value),
    );
  const outcome = find("status_exporter_service_outcome_info", { service })?.labels["outcome"] ?? "";
  const status = find("status_exporter_service_status_code", { service });
  const { catalogue = "", list = "" } = status?.labels ?? {};
  const code = String(status?.value);
  const message = find("status_code_info", { catalogue, list, code })?.labels["message"];
  return [service, RESTING_TARGET, outcome, "", `${list} ${code} (${message})`, "At /metrics, without a probe"];
}
