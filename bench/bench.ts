import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpus } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Contender, startBlackboxExporter, startStatusExporter } from "./contender.ts";
import { measure, type Round } from "./measure.ts";
import { WORKLOADS, type Workload } from "./workloads.ts";

/**
 * Measures how many probes per second the exporter does, at what cost, and, where blackbox_exporter is installed, the
 * same of it: in turns, so that whatever else the machine does meets both alike.
 */
const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    seconds: { type: "string" },
    pairs: { type: "string" },
    concurrency: { type: "string", default: "16" },
    workload: { type: "string", multiple: true, default: WORKLOADS.map(({ name }) => name) },
  },
});

const SECONDS = Number(options.seconds ?? (options.quick ? 2 : 5));
const PAIRS = Number(options.pairs ?? (options.quick ? 1 : 5));
const CONCURRENCY = Number(options.concurrency);

/** Long enough for the compiler of the JavaScript engine to have done its work in the first round. */
const FIRST_WARM_UP_SECONDS = options.quick ? 2 : 5;
const WARM_UP_SECONDS = 1;

interface Result {
  readonly workload: string;
  readonly rounds: readonly Round[];
  /** Probes per second of status-exporter over those of blackbox_exporter, pair by pair. */
  readonly ratios: readonly number[];
}

const results: Result[] = [];
for (const workload of WORKLOADS.filter(({ name }) => options.workload.includes(name)))
  results.push(await run(workload));
if (results.length === 0) throw new Error(`Cannot find a workload named ${options.workload.join(" or ")}`);
const machine = `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}, Node ${process.version}`;
const settings = { seconds: SECONDS, pairs: PAIRS, concurrency: CONCURRENCY };
if (options.json) process.stdout.write(`${JSON.stringify({ machine, settings, results }, undefined, 2)}\n`);
else present();

async function run(workload: Workload): Promise<Result> {
  await using target = await startTarget(workload);
  await using ours = await startStatusExporter();
  await using theirs = await startBlackboxExporter();
  const contenders = [ours, theirs].filter((one): one is Contender => one !== undefined);
  const path = `/probe?module=${workload.module}&target=${encodeURIComponent(workload.target(target.port))}`;
  const rounds: Round[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const warmUpSeconds = pair === 0 ? FIRST_WARM_UP_SECONDS : WARM_UP_SECONDS;
    for (const contender of contenders) {
      process.stderr.write(
        `${workload.name}, round ${pair + 1} of ${PAIRS}: ${contender.name} (${contender.version})\n`,
      );
      rounds.push(await measure(contender, { path, concurrency: CONCURRENCY, warmUpSeconds, seconds: SECONDS }));
    }
  }
  return { workload: workload.name, rounds, ratios: ratiosOf(rounds, contenders) };
}

async function startTarget({ program }: Workload): Promise<AsyncDisposable & { readonly port: number }> {
  if (program === undefined) return { port: 0, async [Symbol.asyncDispose]() {} };
  const child: ChildProcess = spawn(process.execPath, [fileURLToPath(program)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (child.stdout === null) throw new Error("The target has no output");
  const [line] = await once(createInterface(child.stdout), "line");
  return {
    port: Number(line),
    async [Symbol.asyncDispose]() {
      child.kill();
      await once(child, "exit");
    },
  };
}

function ratiosOf(rounds: readonly Round[], [ours, theirs]: readonly Contender[]): readonly number[] {
  const speeds = (name: string | undefined) => rounds.filter(({ contender }) => contender === name);
  const rivals = speeds(theirs?.name);
  return speeds(ours?.name).flatMap(({ probesPerSecond }, pair) => {
    const rival = rivals[pair];
    return rival === undefined ? [] : [probesPerSecond / rival.probesPerSecond];
  });
}

function present(): void {
  const lines = [
    `${machine}; ${CONCURRENCY} scrapes at a time, ${PAIRS} × ${SECONDS} s each, medians of the rounds`,
    "",
  ];
  lines.push(
    row(["workload", "exporter", "probes/s", "CPU ms", "RSS MB", "peak MB", "p50 ms", "p99 ms", "load cores"]),
  );
  for (const { workload, rounds, ratios } of results) {
    for (const name of new Set(rounds.map(({ contender }) => contender))) {
      lines.push(describe(workload, { name, rounds: rounds.filter(({ contender }) => contender === name) }));
    }
    lines.push(ratios.length === 0 ? NO_RIVAL : describeRatios(workload, ratios));
  }
  process.stdout.write(`${lines.join("\n")}\n`);
}

const NO_RIVAL = "prometheus-blackbox-exporter is not installed: nothing to compare with.";

function describe(
  workload: string,
  { name, rounds }: { readonly name: string; readonly rounds: readonly Round[] },
): string {
  const middle = (read: (round: Round) => number): number => median(rounds.map(read));
  return row([
    workload,
    name,
    middle((round) => round.probesPerSecond).toFixed(0),
    middle((round) => round.cpuMillisecondsPerProbe).toFixed(3),
    middle((round) => round.residentMegabytes).toFixed(0),
    Math.max(...rounds.map((round) => round.peakResidentMegabytes)).toFixed(0),
    middle((round) => round.medianMilliseconds).toFixed(2),
    middle((round) => round.p99Milliseconds).toFixed(2),
    middle((round) => round.generatorCores).toFixed(2),
  ]);
}

function describeRatios(workload: string, ratios: readonly number[]): string {
  const each = ratios.map((ratio) => ratio.toFixed(2)).join(" ");
  return `${workload}: ${median(ratios).toFixed(2)} times the probes per second of blackbox_exporter (pair by pair: ${each})`;
}

function row(cells: readonly string[]): string {
  return cells.map((cell, index) => (index < 2 ? cell.padEnd(18) : cell.padStart(11))).join("");
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
