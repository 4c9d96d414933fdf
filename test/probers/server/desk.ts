import { loadConfiguration } from "../../../src/config/load-configuration.ts";
import { createNetwork } from "../../../src/network/create-network.ts";
import type { KeyValueStore } from "../../../src/outcome/key-value-store.ts";
import type { Report } from "../../../src/outcome/report.ts";
import type { ReportReceipt } from "../../../src/outcome/report-receipt.ts";
import { Services } from "../../../src/probe/services.ts";
import { PROBERS } from "../../../src/probers/all.ts";
import { ServerReports } from "../../../src/probers/server/server-reports.ts";
import { createLocalRunner } from "../../../src/runner/local-runner.ts";
import { createMemoryStore } from "../../../src/storage/memory-store.ts";
import type { Settings } from "../../faults/fault.ts";

/** An exporter that takes reports and judges them, with a clock that the test turns. */
export interface Desk {
  receive(report: Settings | string, server?: string): Promise<ReportReceipt>;
  probe(server?: string): Promise<Report>;
  /** Keeps count of the time until the signal aborts, as a running exporter does. */
  listen(signal: AbortSignal): Promise<void>;
  /** Lets so many seconds pass. */
  pass(seconds: number): void;
  /** Unix seconds. */
  now(): number;
}

/** A moment to begin at, in Unix milliseconds. */
export const BEGIN = Date.UTC(2026, 0, 1);

/** Opens a desk for one server, `web-1` unless `servers` says otherwise. */
export function openDesk(
  settings: Settings,
  given: { readonly store?: KeyValueStore; readonly begin?: number; readonly servers?: Settings } = {},
): Desk {
  let now = given.begin ?? BEGIN;
  const servers = given.servers ?? { "web-1": { token_sha256: "0".repeat(64), ...settings } };
  const loaded = loadConfiguration(JSON.stringify({ modules: { server: { prober: "server" } }, servers }), PROBERS);
  if ("problems" in loaded) throw new Error(loaded.problems.join("\n"));
  const network = createNetwork();
  const services = new Services({
    network,
    store: given.store ?? createMemoryStore(),
    clock: { now: () => now, sleep: untilAborted, random: () => 0 },
    servers: () => loaded.servers,
  });
  const reports = services.get(ServerReports);
  const runner = createLocalRunner({ modules: () => loaded.modules, network, services });
  return {
    receive: (report, server = "web-1") =>
      reports.receive(server, typeof report === "string" ? report : JSON.stringify(report)),
    probe: (target = "web-1") =>
      runner.run({ module: "server", target, timeoutSeconds: 5, receivedAt: Date.now() }, new AbortController().signal),
    listen: (signal) => reports.keepCounting(signal),
    pass(seconds) {
      now += seconds * 1000;
    },
    now: () => now / 1000,
  };
}

/** Nothing here wakes by itself. */
function untilAborted(_seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new DOMException("Aborted", "AbortError")), { once: true });
  });
}
