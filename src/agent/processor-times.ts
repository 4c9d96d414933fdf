/** The processors' time since the start of the system, of all together. */
export interface ProcessorTimes {
  readonly count: number;
  readonly totalSeconds: number;
  readonly idleSeconds: number;
}

/** The kernel counts in hundredths of a second towards programs, on all architectures that are in use (time(7)). */
const TICKS_PER_SECOND = 100;

/** user nice system idle iowait irq softirq steal; guest times follow, which are part of user and nice (proc_stat(5)). */
const COUNTED_FIELDS = 8;
const IDLE_FIELD = 3;
const WAITING_FIELD = 4;

/** Reads `/proc/stat`; undefined where its first line is not as proc_stat(5) has it. */
export function readProcessorTimes(text: string): ProcessorTimes | undefined {
  const line = /^cpu +(?<fields>[\d ]+)$/mu.exec(text)?.groups?.["fields"];
  const fields = (line ?? "").split(" ").filter((field) => field !== "");
  if (fields.length <= WAITING_FIELD) return undefined;
  const ticks = fields.slice(0, COUNTED_FIELDS).map(Number);
  const total = ticks.reduce((sum, one) => sum + one, 0);
  const idle = (ticks[IDLE_FIELD] ?? 0) + (ticks[WAITING_FIELD] ?? 0);
  const count = [...text.matchAll(/^cpu\d+ /gmu)].length;
  return { count: Math.max(1, count), totalSeconds: total / TICKS_PER_SECOND, idleSeconds: idle / TICKS_PER_SECOND };
}
