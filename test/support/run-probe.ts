import { loadConfiguration } from "../../src/config/load-configuration.ts";
import { createNetwork } from "../../src/network/create-network.ts";
import type { MeasurementName } from "../../src/outcome/measurement.ts";
import type { Protocol } from "../../src/outcome/protocol.ts";
import type { Report } from "../../src/outcome/report.ts";
import { PROBERS } from "../../src/probers/all.ts";
import { createLocalRunner } from "../../src/runner/local-runner.ts";
import type { Settings } from "../faults/fault.ts";

/** One probe, as a configuration file and a scrape would ask for it. */
export interface ProbeOrder {
  readonly target: string;
  readonly hostname?: string;
  /** The protocol's block. */
  readonly settings?: Settings;
  /** The module's keys beside it. */
  readonly module?: Settings;
}

/** Runs one probe to its report; five seconds are granted unless the module has its own timeout. */
export async function runProbe(protocol: Protocol, order: ProbeOrder): Promise<Report> {
  const { target, hostname, settings = {}, module = {} } = order;
  const loaded = load(protocol, { ...module, [protocol]: settings });
  if ("problems" in loaded) throw new Error(`Cannot use the module: ${loaded.problems.join("\n")}`);
  const runner = createLocalRunner({ modules: () => loaded.modules, network: createNetwork() });
  const timeoutSeconds = loaded.modules.get("case")?.timeoutSeconds ?? 5;
  const request = { module: "case", target, timeoutSeconds, receivedAt: Date.now() };
  return runner.run(hostname === undefined ? request : { ...request, hostname }, new AbortController().signal);
}

/** What is wrong with such a module; empty where nothing is. */
export function problemsOfModule(protocol: Protocol, settings: Settings): readonly string[] {
  const loaded = load(protocol, { [protocol]: settings });
  return "problems" in loaded ? loaded.problems : [];
}

/** The value of a metric without labels, or of its only sample; undefined where the report has none. */
export function valueOf(report: Report, name: MeasurementName): number | undefined {
  return report.measurements.find((measurement) => measurement.name === name)?.value;
}

/** The labels of every sample of a metric. */
export function labelsOf(report: Report, name: MeasurementName): readonly Readonly<Record<string, string>>[] {
  return report.measurements.filter((measurement) => measurement.name === name).map(({ labels }) => labels);
}

function load(protocol: Protocol, module: Settings): ReturnType<typeof loadConfiguration> {
  return loadConfiguration(JSON.stringify({ modules: { case: { prober: protocol, ...module } } }), PROBERS);
}
