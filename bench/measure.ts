import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Contender } from "./contender.ts";
import type { LoadOrder, LoadResult } from "./load.ts";

/** What one contender did in one round. */
export interface Round {
  readonly contender: string;
  readonly probesPerSecond: number;
  readonly cpuMillisecondsPerProbe: number;
  readonly residentMegabytes: number;
  readonly peakResidentMegabytes: number;
  readonly medianMilliseconds: number;
  readonly p99Milliseconds: number;
  readonly generatorCores: number;
}

const LOAD = fileURLToPath(new URL("./load.ts", import.meta.url));

/** A result of some 100,000 latencies is a megabyte; this leaves room for the fastest machine. */
const MOST_OUTPUT_BYTES = 256 * 1024 * 1024;

/** Lets the load generator loose on a contender; throws if a single probe did not succeed. */
export async function measure(contender: Contender, order: Omit<LoadOrder, "port" | "pid">): Promise<Round> {
  const argument = JSON.stringify({ ...order, port: contender.port, pid: contender.pid } satisfies LoadOrder);
  const { stdout } = await promisify(execFile)(process.execPath, [LOAD, argument], { maxBuffer: MOST_OUTPUT_BYTES });
  const result: LoadResult = JSON.parse(stdout);
  if (result.wrong > 0)
    throw new Error(`${contender.name} gave ${result.wrong} wrong answers, first:\n${result.firstWrong}`);
  if (result.probes === 0) throw new Error(`${contender.name} gave no answer`);
  return summarise(contender.name, result);
}

function summarise(
  contender: string,
  { probes, seconds, latencies, before, after, generatorCores }: LoadResult,
): Round {
  const sorted = latencies.toSorted((a, b) => a - b);
  return {
    contender,
    probesPerSecond: probes / seconds,
    cpuMillisecondsPerProbe: (after.cpuMilliseconds - before.cpuMilliseconds) / probes,
    residentMegabytes: after.residentBytes / 1e6,
    peakResidentMegabytes: after.peakResidentBytes / 1e6,
    medianMilliseconds: sorted[Math.floor(sorted.length * 0.5)] ?? Number.NaN,
    p99Milliseconds: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN,
    generatorCores,
  };
}
