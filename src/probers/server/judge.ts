import type { FailureOf } from "../../outcome/outcome.ts";
import type { ServerSettings, Thresholds } from "../../settings/server-settings.ts";
import type { Figures } from "./figures.ts";
import type { Usage } from "./usage.ts";

type Threshold = keyof Thresholds;

/** A limit that is set, and whether it is exceeded. */
export interface Judgement {
  readonly threshold: Threshold;
  readonly limit: number;
  /** Undefined where the server does not tell. */
  readonly exceeded: boolean | undefined;
  readonly outcome: FailureOf<"server">;
  /** For a person: what exceeds it, by how much. */
  readonly detail: string;
}

/** Every limit that is set, in the order in which the first that is exceeded decides the outcome. */
export function judge(
  { figures, usage }: { readonly figures: Figures; readonly usage: Usage },
  { thresholds, loadPeriod }: Pick<ServerSettings, "thresholds" | "loadPeriod">,
): readonly Judgement[] {
  const load = figures.load?.[loadPeriod];
  const values: Readonly<Record<Threshold, readonly Value[]>> = {
    load: single(load),
    cpu: single(usage.cpuRatio),
    memory: single(usage.memoryRatio),
    storage: usage.storage.map(({ mountpoint, ratio }) => ({ of: ` of ${mountpoint}`, value: ratio })),
    "bandwidth-out": outside(usage).map(({ device, transmit }) => ({ of: ` of ${device}`, value: transmit })),
    "bandwidth-in": outside(usage).map(({ device, receive }) => ({ of: ` of ${device}`, value: receive })),
  };
  return THRESHOLDS.flatMap((threshold) => {
    const limit = thresholds[threshold];
    return limit === undefined ? [] : [judged(threshold, { limit, values: values[threshold] })];
  });
}

function single(value: number | undefined): readonly Value[] {
  return value === undefined ? [] : [{ of: "", value }];
}

interface Value {
  /** Of what, with a space before it; empty where there is only one. */
  readonly of: string;
  readonly value: number;
}

/** In the order of Hitflow's codes, 100 to 105. */
const THRESHOLDS = ["load", "cpu", "memory", "storage", "bandwidth-out", "bandwidth-in"] as const;

/** What a server says to itself does not use its line. */
function outside({ network }: Usage): Usage["network"] {
  return network.filter(({ device }) => device !== "lo");
}

function judged(
  threshold: Threshold,
  { limit, values }: { readonly limit: number; readonly values: readonly Value[] },
): Judgement {
  const highest = values.reduce<Value | undefined>(
    (most, one) => (most === undefined || one.value > most.value ? one : most),
    undefined,
  );
  const write = WRITTEN[threshold];
  return {
    threshold,
    limit,
    exceeded: highest && highest.value > limit,
    outcome: `server/${threshold}`,
    detail: highest === undefined ? "" : `${write(highest)}, more than ${amount(threshold, limit)}`,
  };
}

const WRITTEN: Readonly<Record<Threshold, (value: Value) => string>> = {
  load: ({ value }) => `The load is ${amount("load", value)}`,
  cpu: ({ value }) => `${amount("cpu", value)} of the processors' time is used`,
  memory: ({ value }) => `${amount("memory", value)} of the memory is used`,
  storage: ({ of, value }) => `${amount("storage", value)}${of} is full`,
  "bandwidth-out": ({ of, value }) => `The sending rate${of} is ${amount("bandwidth-out", value)}`,
  "bandwidth-in": ({ of, value }) => `The receiving rate${of} is ${amount("bandwidth-in", value)}`,
};

const BITS_PER_BYTE = 8;

function amount(threshold: Threshold, value: number): string {
  if (threshold === "load") return String(Math.round(value * 100) / 100);
  if (threshold.startsWith("bandwidth")) return `${((value * BITS_PER_BYTE) / 1e6).toFixed(3)} Mbit/s`;
  return `${(value * 100).toFixed(1)}%`;
}
