import type { Outcome } from "../../src/outcome/outcome.ts";
import type { Subject } from "../../src/outcome/reachable.ts";
import type { Traffic } from "./servers/fault-server.ts";

/** A piece of configuration, as it stands in the YAML file. */
export interface Settings {
  readonly [key: string]: Setting;
}
export type Setting = string | number | boolean | readonly Setting[] | Settings;

/** One thing that can be wrong, with what the exporter must say about it. */
export interface Fault {
  readonly subject: Subject;
  /** What is wrong, as a noun phrase; unique within its subject. */
  readonly name: string;
  readonly outcome: Outcome;
  /** The status of the final response, for outcomes whose codes repeat it. */
  readonly httpStatus?: number;
  /** Where the fault lies in the exporter's own state: it has no file descriptor left. */
  readonly exporter?: "exhausted";
  start(): Promise<StartedFault>;
}

/** A fault that can be probed until its server is disposed of. */
export interface StartedFault {
  readonly target: string;
  /** The module to probe it with; undefined where the fault is that there is none. */
  readonly module: Settings | undefined;
  /** What the configuration must hold under `servers:`. */
  readonly servers?: Settings;
  /** What those servers report before the probe. */
  readonly reports?: readonly SentReport[];
  /** What they go on to report so many seconds later, with the same outcome. */
  readonly laterReport?: (seconds: number) => SentReport;
  /** What the scrape says in `X-Prometheus-Scrape-Timeout-Seconds`; 10 if absent. */
  readonly scrapeTimeout?: string;
  /** What the fault keeps running. */
  readonly server: Traffic;
}

/** A report as a server sends it. */
export interface SentReport {
  readonly server: string;
  readonly token: string;
  readonly body: Settings;
}
