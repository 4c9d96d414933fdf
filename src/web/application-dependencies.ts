import type { RequestHandler } from "express";
import type { OwnMetrics } from "../exposition/own-metrics.ts";
import type { LogLevel, LogLine } from "../outcome/report.ts";
import type { ReportReceipt } from "../outcome/report-receipt.ts";
import type { ServerStatus } from "../outcome/server-status.ts";
import type { Runner } from "../runner/runner.ts";
import type { ConfigurationView } from "./configuration-view.ts";
import type { History } from "./history.ts";
import type { ServiceBoard } from "./service-board.ts";
import type { WebPaths } from "./web-paths.ts";

/** Where a server's report goes; it has been kept when this says so. */
interface ReportInbox {
  receive(server: string, text: string): Promise<ReportReceipt>;
}

/** What the web application is given: nothing of it is global. */
export interface ApplicationDependencies {
  readonly version: string;
  readonly paths: WebPaths;
  /** Asked before any route, e.g. for a password; in this order. */
  readonly guards: readonly RequestHandler[];
  readonly runner: Runner;
  readonly metrics: OwnMetrics;
  readonly history: History;
  readonly services: ServiceBoard;
  /** Takes the reports of servers that have proved who they are. */
  readonly reports: ReportInbox;
  /** How the servers stand that send reports. */
  readonly serverStatuses: () => Promise<readonly ServerStatus[]>;
  /** The configuration as it is now. */
  readonly configuration: () => ConfigurationView;
  /** Loads the configuration again; yields what is wrong with it, nothing where it is now in use. */
  readonly reload: () => Promise<readonly string[]>;
  /** Whether probes can be run; false while starting or stopping. */
  readonly ready: () => boolean;
  /** Taken off the scrape's timeout, so that the answer still arrives in time. */
  readonly timeoutOffsetSeconds: number;
  /** The least level of a probe's own lines to show. */
  readonly probeLogLevel: LogLevel | "none";
  /** Writes the exporter's own log. */
  readonly log: (level: LogLevel, message: string, fields?: LogLine["fields"]) => void;
}
