import { z } from "zod";
import { SERVER_REPORT_LIMITS } from "../../outcome/server-report-limits.ts";
import type { Figures, Sample } from "./figures.ts";

/** A report as it came, understood. */
export type ReportReading = Omit<Sample, "receivedAt"> | ReportProblem;

interface ReportProblem {
  readonly problem: "malformed" | "invalid";
  /** For whoever sent it: the path, and what is wanted there. */
  readonly detail: string;
}

/** Reads a server's report (docs/servers.md). What it does not know is ignored, so that newer agents may say more. */
export function readReport(text: string): ReportReading {
  const json = parseJson(text);
  if (json === undefined) return { problem: "malformed", detail: "The report is not JSON" };
  const read = reportSchema.safeParse(json.value);
  if (read.success) return { sentAt: read.data.sent_at, figures: figuresOf(read.data) };
  const issues = read.error.issues.slice(0, MOST_ISSUES).map(({ path, message }) => `${fieldAt(path)}: ${message}`);
  return { problem: "invalid", detail: `The report is not as documented: ${issues.join("; ")}` };
}

/** As many as one reads before mending the first. */
const MOST_ISSUES = 5;

/** E.g. `file_systems.0.mountpoint`. */
function fieldAt(path: readonly PropertyKey[]): string {
  return path.length === 0 ? "the whole" : path.map(String).join(".");
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return { value };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const { nameLength, systemNameLength, fileSystems, devices } = SERVER_REPORT_LIMITS;

const AN_OBJECT = "expected an object";

const amount = z
  .number("expected a number")
  .max(Number.MAX_SAFE_INTEGER, `expected at most ${Number.MAX_SAFE_INTEGER}`);
const count = amount.min(0, "expected 0 or more");
const label = z
  .string("expected text")
  .max(nameLength, `expected at most ${nameLength} characters`)
  .refine((value) => !/\p{Cc}/u.test(value), "expected no control characters");
const name = label.min(1, "expected a name");

const cpu = z
  .object(
    {
      count: z
        .int("expected a whole number")
        .min(1, "expected 1 or more")
        .max(100_000, "expected at most 100000")
        .optional(),
      total_seconds: count.optional(),
      idle_seconds: count.optional(),
    },
    AN_OBJECT,
  )
  .refine(
    ({ total_seconds, idle_seconds }) => (total_seconds === undefined) === (idle_seconds === undefined),
    "expected total_seconds and idle_seconds, or neither",
  );

const memorySizes = z.object(
  { total_bytes: amount.positive("expected more than 0"), available_bytes: count },
  AN_OBJECT,
);
const swapSizes = z.object({ total_bytes: count, free_bytes: count }, AN_OBJECT);

const fileSystem = z.object(
  { mountpoint: name, size_bytes: count, free_bytes: count.optional(), available_bytes: count },
  AN_OBJECT,
);
const device = z.object({ device: name, receive_bytes: count, transmit_bytes: count }, AN_OBJECT);

const systemName = z
  .string("expected text")
  .min(1, "expected a name")
  .max(systemNameLength, `expected at most ${systemNameLength} characters`);

const reportSchema = z
  .object(
    {
      sent_at: count.optional(),
      agent: label.optional(),
      hostname: label.optional(),
      operating_system: systemName.optional(),
      kernel: label.optional(),
      uptime: count.optional(),
      load_average: z.tuple([count, count, count], "expected three numbers").optional(),
      cpu: cpu.optional(),
      memory: memorySizes.optional(),
      swap: swapSizes.optional(),
      file_systems: listOf(fileSystem, fileSystems).optional(),
      network: listOf(device, devices).optional(),
    },
    AN_OBJECT,
  )
  .refine(
    (report) => FIGURES.some((key) => report[key] !== undefined),
    "expected at least one of load_average, cpu, memory, file_systems, network",
  );

function listOf<T extends z.ZodType>(entry: T, most: number): z.ZodArray<T> {
  return z.array(entry, "expected a list").max(most, `expected at most ${most} entries`);
}

const FIGURES = ["load_average", "cpu", "memory", "file_systems", "network"] as const;

function figuresOf(report: z.output<typeof reportSchema>): Figures {
  const { cpu: processors, load_average: load, memory, swap } = report;
  return {
    identity: {
      hostname: report.hostname ?? "",
      operatingSystem: report.operating_system ?? "",
      kernel: report.kernel ?? "",
      agent: report.agent ?? "",
    },
    uptimeSeconds: report.uptime,
    load: load && { "1m": load[0], "5m": load[1], "15m": load[2] },
    cpu: processors && { count: processors.count, counters: countersOf(processors) },
    memory: memory && { totalBytes: memory.total_bytes, availableBytes: memory.available_bytes },
    swap: swap && { totalBytes: swap.total_bytes, freeBytes: swap.free_bytes },
    fileSystems: (report.file_systems ?? []).map((one) => ({
      mountpoint: one.mountpoint,
      sizeBytes: one.size_bytes,
      freeBytes: one.free_bytes ?? one.available_bytes,
      availableBytes: one.available_bytes,
    })),
    network: (report.network ?? []).map((one) => ({
      device: one.device,
      receiveBytes: one.receive_bytes,
      transmitBytes: one.transmit_bytes,
    })),
  };
}

function countersOf({ total_seconds, idle_seconds }: z.output<typeof cpu>): NonNullable<Figures["cpu"]>["counters"] {
  if (total_seconds === undefined || idle_seconds === undefined) return undefined;
  return { totalSeconds: total_seconds, idleSeconds: idle_seconds };
}
