import { PROBERS } from "../src/probers/all.ts";
import { FAULTS } from "./faults/all.ts";
import { sabotage } from "./faults/defect-fault.ts";
import { throughTunnel } from "./faults/icmp/through-tunnel.ts";
import { type RestingState, restingServices } from "./faults/resting-services.ts";
import { keepReporting, sendReports } from "./faults/send-reports.ts";
import { type Fleet, startFleet } from "./faults/start-fleet.ts";
import { startTestExporter, type TestExporter } from "./support/exporter.ts";

/** The module of config/prometheus/prometheus.yml, for the targets that are listed there. */
const BESIDES = { http_2xx: { prober: "http", timeout: "5s" } } as const;

/** Starts a server for everything that can be wrong; declared besides are services in these states. */
export function startDemoFleet(states: readonly RestingState[]): Promise<Fleet> {
  const resting = restingServices(states);
  return startFleet(FAULTS, { ...resting, modules: { ...resting.modules, ...BESIDES } });
}

/** An exporter that declares a fleet as services. */
export interface DemoExporter extends TestExporter {
  /** Lets the fleet's servers report from now on, until the signal aborts. */
  readonly keepReporting: (signal: AbortSignal) => Promise<void>;
}

/** Starts the exporter that the demonstration shows, be it as a table or to Prometheus. */
export async function startDemoExporter(
  { members, configuration }: Fleet,
  /** A free port if 0. */
  { host, port }: { readonly host: string; readonly port: number },
): Promise<DemoExporter> {
  const probers = PROBERS.map(sabotage).map(throughTunnel);
  await using starting = new AsyncDisposableStack();
  const exporter = starting.use(await startTestExporter({ configuration, probers, host, port }));
  await sendReports(members, exporter.url);
  const running = starting.move();
  return {
    ...exporter,
    keepReporting: (signal) => keepReporting(members, { url: exporter.url, signal }),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
