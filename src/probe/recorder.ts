import { classify } from "../network/classify.ts";
import type { LabelsOf, Measurement, MeasurementName } from "../outcome/measurement.ts";
import type { Phase } from "../outcome/outcome.ts";
import { ProbeFailure } from "../outcome/probe-failure.ts";
import type { LogLevel, LogLine } from "../outcome/report.ts";

/** A probe that talks more than this is talking to nobody: bounds the memory of a report. */
const MOST_LOG_LINES = 200;
/** Ten times what the busiest prober measures; free labels come from a target, so they are bounded. */
const MOST_MEASUREMENTS = 2_000;

const NO_LABELS: Readonly<Record<string, string>> = {};

/** Keeps what a probe learns, phase by phase, so that a failure loses none of it. */
export class Recorder {
  readonly startedAt = Date.now();
  httpStatus: number | undefined = undefined;
  /** What `max_response_time` limits; undefined for the whole probe's duration. */
  responseSeconds: number | undefined = undefined;
  /** What is waited for in the phase that is running, or was last, where the prober says it. */
  awaited: string | undefined = undefined;
  readonly log: LogLine[] = [];
  readonly #startedMilliseconds = performance.now();
  readonly #measurements = new Map<string, Measurement>();
  readonly #phaseMilliseconds = new Map<Phase, number>();
  readonly #running: Phase[] = [];
  #droppedLines = 0;
  #droppedMeasurements = 0;
  #lastPhase: Phase | undefined = undefined;
  #switchedMilliseconds = 0;

  elapsedSeconds(): number {
    return (performance.now() - this.#startedMilliseconds) / 1000;
  }

  /** The phase in which the probe is, or was last; undefined before the first. */
  currentPhase(): Phase | undefined {
    return this.#running.at(-1) ?? this.#lastPhase;
  }

  async during<T>(phase: Phase, work: () => T | Promise<T>): Promise<T> {
    this.#enter(phase);
    try {
      return await work();
    } catch (error) {
      if (error instanceof ProbeFailure) throw error;
      const { outcome, detail } = classify(phase, error);
      throw new ProbeFailure(outcome, { detail, cause: error });
    } finally {
      this.#leave(phase);
    }
  }

  measure<N extends MeasurementName>(name: N, value: number, labels?: LabelsOf<N>): void {
    const key = keyOf(name, labels ?? NO_LABELS);
    if (this.#measurements.size < MOST_MEASUREMENTS || this.#measurements.has(key)) {
      this.#measurements.set(key, { name, value, labels: labels ?? NO_LABELS });
    } else {
      this.#droppedMeasurements += 1;
    }
  }

  withdraw(names: readonly MeasurementName[]): void {
    for (const [key, measurement] of this.#measurements) {
      if (names.includes(measurement.name)) this.#measurements.delete(key);
    }
  }

  write(level: LogLevel, message: string, fields: LogLine["fields"]): void {
    if (this.log.length < MOST_LOG_LINES) {
      this.#append(level, message, fields);
    } else {
      this.#droppedLines += 1;
    }
  }

  /** A line about the probe's end, which is written whatever came before it. */
  conclude(level: LogLevel, message: string, fields: LogLine["fields"]): void {
    this.#admitDropped();
    this.#append(level, message, fields);
  }

  measurements(): readonly Measurement[] {
    return [...this.#measurements.values()];
  }

  phases(): readonly { readonly phase: Phase; readonly seconds: number }[] {
    this.#settle();
    return [...this.#phaseMilliseconds].map(([phase, milliseconds]) => ({ phase, seconds: milliseconds / 1000 }));
  }

  /** Says what went beyond the bounds, so that nobody takes the rest for the whole. */
  #admitDropped(): void {
    if (this.#droppedLines + this.#droppedMeasurements === 0) return;
    const fields = { log_lines: this.#droppedLines, samples: this.#droppedMeasurements };
    this.#append("warn", "Dropped what is more than a report holds", fields);
    this.#droppedLines = 0;
    this.#droppedMeasurements = 0;
  }

  #append(...[level, message, fields]: Parameters<Recorder["write"]>): void {
    this.log.push({ time: Date.now(), level, message, fields });
  }

  #enter(phase: Phase): void {
    this.#settle();
    this.awaited = undefined;
    this.#running.push(phase);
    if (!this.#phaseMilliseconds.has(phase)) this.#phaseMilliseconds.set(phase, 0);
  }

  #leave(phase: Phase): void {
    this.#settle();
    this.#running.pop();
    this.#lastPhase = phase;
  }

  /** Credits the time since the last switch to the phase that is running. */
  #settle(): void {
    const now = performance.now();
    const phase = this.#running.at(-1);
    if (phase !== undefined) {
      const sofar = this.#phaseMilliseconds.get(phase) ?? 0;
      this.#phaseMilliseconds.set(phase, sofar + now - this.#switchedMilliseconds);
    }
    this.#switchedMilliseconds = now;
  }
}

/** Names and values, with a character between them that neither holds. */
function keyOf(name: string, labels: Readonly<Record<string, string>>): string {
  let key = name;
  for (const label of Object.keys(labels)) key += `\u0000${label}\u0000${labels[label]}`;
  return key;
}
