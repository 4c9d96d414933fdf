import { PROBERS } from "../src/probers/all.ts";
import { FAULTS } from "./faults/all.ts";
import { sabotage } from "./faults/defect-fault.ts";
import { throughTunnel } from "./faults/icmp/through-tunnel.ts";
import { type RestingState, restingServices } from "./faults/resting-services.ts";
import { keepReporting, sendReports } from "./faults/send-reports.ts";
import { type Fleet, startFleet } from "./faults/start-fleet.ts";
import { startTestExporter, type TestExporter } from "./support/exporter.ts";

/** A server for each fault, and an exporter that declares them all as services. */
export interface DemoExporter extends AsyncDisposable {
  readonly fleet: Fleet;
  readonly exporter: TestExporter;
  /** Lets the servers report from now on, until the signal aborts. */
  readonly keepReporting: (signal: AbortSignal) => Promise<void>;
}

/** The module of config/prometheus/prometheus.yml, for the targets that are listed there. */
const BESIDES = { http_2xx: { prober: "http", timeout: "5s" } } as const;

/** Starts what the demonstration shows, be it as a table or to Prometheus. */
export async function startDemoExporter(options: {
  readonly host: string;
  /** A free one if 0. */
  readonly port: number;
  /** The states of services that are declared and not probed. */
  readonly states: readonly RestingState[];
}): Promise<DemoExporter> {
  await using starting = new AsyncDisposableStack();
  const resting = restingServices(options.states);
  const fleet = starting.use(await startFleet(FAULTS, { ...resting, modules: { ...resting.modules, ...BESIDES } }));
  const exporter = starting.use(
    await startTestExporter({
      configuration: fleet.configuration,
      probers: PROBERS.map(sabotage).map(throughTunnel),
      host: options.host,
      port: options.port,
    }),
  );
  await sendReports(fleet.members, exporter.url);
  const running = starting.move();
  return {
    fleet,
    exporter,
    keepReporting: (signal) => keepReporting(fleet.members, { url: exporter.url, signal }),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
