import { once } from "node:events";
import { parseArgs } from "node:util";
import { PROBERS } from "../src/probers/all.ts";
import { FAULTS } from "./faults/all.ts";
import { sabotage } from "./faults/defect-fault.ts";
import { throughTunnel } from "./faults/icmp/through-tunnel.ts";
import { sendReports } from "./faults/send-reports.ts";
import { type Member, startFleet } from "./faults/start-fleet.ts";
import { startTestExporter, type TestExporter } from "./support/exporter.ts";
import { inTurns } from "./support/in-turns.ts";

/**
 * Everything that can be wrong with a target, live: a server for each fault, an exporter that probes them, and a table
 * of what it says. The exporter's address is printed, so that a Prometheus can scrape the same targets.
 */
const { values: options } = parseArgs({
  options: {
    /** Print the table once, then end. */
    once: { type: "boolean", default: false },
    /** Where the exporter listens; a free port if 0. */
    port: { type: "string", default: "0" },
  },
});

const COLUMNS = ["What is wrong", "Target", "Outcome", "Cloud Monitor", "Hitflow", "Detail"] as const;

/** Moves a terminal's cursor home and wipes what is below. */
const CLEAR = "\u001b[H\u001b[2J";

const REFRESH_MILLISECONDS = 5_000;

/** Few enough that a short deadline is not missed because of the crowd. */
const AT_ONCE = 8;

const PROBED: ReadonlySet<string> = new Set([...PROBERS.map(({ protocol }) => protocol), "any"]);
await using fleet = await startFleet(
  FAULTS.filter(({ subject, exporter: state }) => PROBED.has(subject) && state === undefined),
);
await using exporter = await startTestExporter({
  configuration: fleet.configuration,
  probers: PROBERS.map(sabotage).map(throughTunnel),
  port: Number(options.port),
});
await sendReports(fleet.members, exporter.url);
if (options.once) process.stdout.write(await table(exporter));
else await showUntilStopped();

async function showUntilStopped(): Promise<void> {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  while (!stop.signal.aborted) {
    process.stdout.write(`${CLEAR}${await table(exporter)}`);
    const pause = AbortSignal.any([stop.signal, AbortSignal.timeout(REFRESH_MILLISECONDS)]);
    if (!pause.aborted) await once(pause, "abort");
  }
}

async function table({ url, explain }: TestExporter): Promise<string> {
  const rows = await inTurns(fleet.members, { atOnce: AT_ONCE, work: (member) => probe(member, explain) });
  const lines = [COLUMNS, ...rows];
  const widths = COLUMNS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const text = lines.map((line) => fit(line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")));
  const [head = "", ...body] = text;
  return `${["", head, "-".repeat(head.length), ...body].join("\n")}\n\nThe exporter serves at ${url} (try ${url}/probe?${example()})\n`;
}

async function probe({ fault, started, module }: Member, explain: TestExporter["explain"]): Promise<readonly string[]> {
  const text = await explain({ module, target: started.target, timeout: started.scrapeTimeout ?? "10" });
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

/** A terminal shows one line for each target; anything else gets the whole text. */
function fit(line: string): string {
  const trimmed = line.trimEnd();
  return process.stdout.isTTY ? trimmed.slice(0, process.stdout.columns) : trimmed;
}

function example(): string {
  const member = fleet.members.find(({ fault }) => fault.outcome === "connect/refused");
  return String(new URLSearchParams({ module: member?.module ?? "", target: member?.started.target ?? "" }));
}
