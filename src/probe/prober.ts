import type { Network } from "../network/network.ts";
import type { LabelsOf, MeasurementName } from "../outcome/measurement.ts";
import type { Failure, Phase } from "../outcome/outcome.ts";
import type { Protocol } from "../outcome/protocol.ts";
import type { LogLevel } from "../outcome/report.ts";
import type { Schema } from "../settings/schema.ts";
import type { Services } from "./services.ts";

/** What every module has, whatever its protocol. */
interface ModuleOptions {
  readonly name: string;
  /** The module's own limit; absent where it leaves it to the scrape. */
  readonly timeoutSeconds: number | undefined;
  /** A probe that passes but takes longer ends as `timing/too-slow`. */
  readonly maxResponseTimeSeconds: number | undefined;
  readonly internalAddresses: "allow" | "forbid";
  /** DNS servers (`address` or `address:port`) to ask instead of the system's; empty for the system's. */
  readonly resolver: readonly string[];
}

/** What a prober works in: how it attributes time and failures, and what it may use of the outside. */
export interface ProbeContext {
  readonly module: ModuleOptions;
  /** The name given with the scrape (`hostname=`), e.g. a virtual host. */
  readonly hostname: string | undefined;
  readonly network: Network;
  /** What stateful protocols keep between probes. */
  readonly services: Services;
  /** Aborts at the deadline or when the asker hangs up; whatever awaits the network takes it. */
  readonly signal: AbortSignal;
  /** Times the phase and attributes to it whatever `work` throws; the time of a phase inside counts only there. */
  during<T>(phase: Phase, work: () => T | Promise<T>): Promise<T>;
  /** Sets a sample; the same name and labels again replace it. Kept when the probe fails. */
  measure<N extends MeasurementName>(name: N, value: number, labels?: LabelsOf<N>): void;
  /** Takes samples back, e.g. those of a hop that turned out not to be the last. */
  withdraw(names: readonly MeasurementName[]): void;
  /** Notes the status of the newest HTTP response, which some codes repeat; `undefined` takes it back. */
  noteHttpStatus(status: number | undefined): void;
  /** Notes what `max_response_time` limits, in seconds, where that is not the whole probe's duration. */
  noteResponseTime(seconds: number): void;
  /** Notes what is waited for in this phase, e.g. `the reply to EHLO`: a deadline that passes says so in its detail. */
  noteWait(what: string): void;
  /** Seconds until the deadline, never less than 0: for a probe that ends by itself with what it has by then. */
  secondsLeft(): number;
  /** Seconds since the probe started. */
  elapsedSeconds(): number;
  log(level: LogLevel, message: string, fields?: Readonly<Record<string, string | number | boolean>>): void;
}

/** A probe whose settings are bound: what a module runs. Ends normally on success and throws otherwise. */
export type BoundProbe = (target: string, context: ProbeContext) => Promise<void>;

/** A module as it runs. */
export interface Module extends ModuleOptions {
  readonly protocol: Protocol;
  readonly timeouts: DeadlineOutcomes;
  readonly probe: BoundProbe;
}

/** The outcome when the deadline passes within a phase, where that differs from `<phase>/timeout`. */
export type DeadlineOutcomes = Readonly<Partial<Record<Phase, Failure>>>;

/** One row of `probers/all.ts`: a protocol, what its block in the configuration may hold, and how it is probed. */
export interface Prober {
  readonly protocol: Protocol;
  readonly timeouts: DeadlineOutcomes;
  /**
   * `stateful`: what one probe learns serves the next, so all its probes run in the same thread. `served`: it judges what
   * came in over the web, so its probes run in the thread that serves.
   */
  readonly memory: "stateless" | "stateful" | "served";
  /** Loads what only probing needs; resolves at once the next time. */
  load(): Promise<void>;
  /** Reads the protocol's block of a module and yields the probe with these settings bound. */
  readonly settings: Schema<BoundProbe>;
}

/** How a protocol is probed with settings of its own type. */
export type Probe<Settings> = (target: string, settings: Settings, context: ProbeContext) => Promise<void>;

/** Declares a prober; the type of its settings stays its own. */
export function defineProber<Settings>(definition: {
  readonly protocol: Protocol;
  readonly timeouts?: DeadlineOutcomes;
  readonly memory?: Prober["memory"];
  readonly settings: Schema<Settings>;
  /**
   * The probe, or how to load it: a thread that only reads configurations never loads a library that only probing
   * needs, and one that probes loads it with its first configuration, before the first probe.
   */
  readonly probe: Probe<Settings> | { readonly load: () => Promise<Probe<Settings>> };
}): Prober {
  const { probe } = definition;
  const load = once(typeof probe === "function" ? () => Promise.resolve(probe) : probe.load);
  return {
    protocol: definition.protocol,
    timeouts: definition.timeouts ?? {},
    memory: definition.memory ?? "stateless",
    load: async () => {
      await load();
    },
    settings: definition.settings.transform(
      (settings): BoundProbe =>
        async (target, context) =>
          (await load())(target, settings, context),
    ),
  };
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => (loaded ??= load());
}
