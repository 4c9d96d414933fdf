import { once } from "node:events";
import { parseArgs } from "node:util";
import { startDemoExporter, startDemoFleet } from "./demo-exporter.ts";
import { COLUMNS, exhaustedRows, probedRows, type Row, restingRows } from "./demo-rows.ts";
import type { RestingState } from "./faults/resting-services.ts";

/**
 * Everything that can be wrong with a target, live: a server for each fault, an exporter that probes them, and a table
 * of what it says. The exporter declares them as services, so that a Prometheus finds the same targets at `/services`.
 */
const { values: options } = parseArgs({
  options: {
    /** Print the table once, then end. */
    once: { type: "boolean", default: false },
    /** Only serve, without a table: for Prometheus. */
    serve: { type: "boolean", default: false },
    /** Where the exporter listens; a free port if 0. */
    port: { type: "string", default: "0" },
    host: { type: "string", default: "127.0.0.1" },
  },
});

/** Moves a terminal's cursor home and wipes what is below. */
const CLEAR = "\u001b[H\u001b[2J";

const REFRESH_MILLISECONDS = 5_000;

/** Prometheus would probe those that are active, and so end their state. */
const STATES: readonly RestingState[] = options.serve ? ["created", "disabled"] : ["created", "disabled", "active"];

const stop = new AbortController();
if (!options.once) for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
await using fleet = await startDemoFleet(STATES);
await using exporter = await startDemoExporter(fleet, { host: options.host, port: Number(options.port) });
if (options.once) process.stdout.write(table(await allRows(await exhaustedRows(fleet))));
else await Promise.all([exporter.keepReporting(stop.signal), options.serve ? announce() : showUntilStopped()]);

async function announce(): Promise<void> {
  const url = exporter.url.replace("0.0.0.0", "localhost");
  process.stdout.write(`The exporter serves at ${url}, its targets are at ${url}/services\n`);
}

async function showUntilStopped(): Promise<void> {
  const exhausted = await exhaustedRows(fleet);
  while (!stop.signal.aborted) {
    process.stdout.write(`${CLEAR}${table(await allRows(exhausted))}`);
    const pause = AbortSignal.any([stop.signal, AbortSignal.timeout(REFRESH_MILLISECONDS)]);
    if (!pause.aborted) await once(pause, "abort");
  }
}

async function allRows(exhausted: readonly Row[]): Promise<readonly Row[]> {
  return [...(await probedRows(fleet, exporter)), ...exhausted, ...(await restingRows(exporter.url, STATES))];
}

function table(rows: readonly Row[]): string {
  const lines = [COLUMNS, ...rows];
  const widths = COLUMNS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const text = lines.map((line) => fit(line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")));
  const [head = "", ...body] = text;
  return `${["", head, "-".repeat(head.length), ...body].join("\n")}\n\nThe exporter serves at ${exporter.url} (try ${exporter.url}/probe?${example()})\n`;
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
