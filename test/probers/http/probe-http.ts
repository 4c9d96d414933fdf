import { createNetwork } from "../../../src/network/create-network.ts";
import type { Report } from "../../../src/outcome/report.ts";
import type { Module } from "../../../src/probe/prober.ts";
import { run } from "../../../src/probe/run.ts";
import { http } from "../../../src/probers/http/http.ts";
import { createServices } from "../../../src/runner/create-services.ts";

export interface ProbeOptions {
  readonly hostname?: string;
  readonly timeoutSeconds?: number;
  readonly internalAddresses?: Module["internalAddresses"];
  readonly signal?: AbortSignal;
}

/** A module of the http prober with these settings, to be probed several times. */
export function httpModule(block: object, options: ProbeOptions = {}): (target: string) => Promise<Report> {
  const module: Module = {
    name: "test",
    protocol: "http",
    timeouts: http.timeouts,
    timeoutSeconds: undefined,
    maxResponseTimeSeconds: undefined,
    internalAddresses: options.internalAddresses ?? "allow",
    resolver: [],
    probe: http.settings.parse({ preferred_ip_protocol: "ip4", ...block }),
  };
  const network = createNetwork();
  return (target) =>
    run({
      module,
      moduleName: "test",
      target,
      hostname: options.hostname,
      timeoutSeconds: options.timeoutSeconds ?? 5,
      waitedSeconds: 0,
      network,
      services: createServices(network),
      signal: options.signal ?? new AbortController().signal,
    });
}

/** One probe of a target by a module with these settings. */
export function probeHttp(target: string, block: object = {}, options: ProbeOptions = {}): Promise<Report> {
  return httpModule(block, options)(target);
}

/** The value of a measurement, of the series with these labels if it has several; undefined where there is none. */
export function measured(
  report: Report,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  return report.measurements.find(
    (entry) => entry.name === name && Object.entries(labels).every(([key, value]) => entry.labels[key] === value),
  )?.value;
}
