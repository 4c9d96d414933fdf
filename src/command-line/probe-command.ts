import type { Configuration } from "../config/configuration.ts";
import { createNetwork } from "../network/create-network.ts";
import { isSuccess } from "../outcome/outcome.ts";
import type { Report } from "../outcome/report.ts";
import type { Services } from "../probe/services.ts";
import { createServices } from "../runner/create-services.ts";
import { createLocalRunner } from "../runner/local-runner.ts";
import type { StoragePlace } from "../storage/storage-place.ts";
import { probeTimeoutSeconds } from "../web/probe-timeout.ts";
import { restingReport } from "../web/resting-report.ts";
import type { CommandLine } from "./flags.ts";
import { presentReport } from "./present-report.ts";
import { storagePlaceOf } from "./storage-place-of.ts";

interface ProbeCommandOptions {
  readonly commandLine: CommandLine;
  /** What stands behind `probe`. */
  readonly operands: readonly string[];
  readonly configuration: Pick<Configuration, "modules" | "services" | "servers">;
  /** Cancels the probe. */
  readonly signal: AbortSignal;
  readonly write: (text: string) => void;
}

/**
 * Runs one probe, or that of a declared service, and prints its report; yields the exit code, 0 on success and 1 on
 * failure. A mistake of whoever calls it is an `Error` for that person.
 */
export async function probeCommand(options: ProbeCommandOptions): Promise<0 | 1> {
  const subject = subjectOf(options);
  const report = subject.resting ?? (await probe(subject, options));
  options.write(presentReport(report));
  return isSuccess(report.outcome) ? 0 : 1;
}

interface Subject {
  readonly module: string;
  readonly target: string;
  /** Empty for none. */
  readonly hostname: string;
  /** The report of a service that is not to be probed. */
  readonly resting?: Report | undefined;
}

function subjectOf({ commandLine, operands, configuration }: ProbeCommandOptions): Subject {
  const name = commandLine.text("service");
  const hostname = commandLine.text("hostname");
  const [module, target, ...more] = operands;
  if (name === "" && module !== undefined && target !== undefined && more.length === 0)
    return { module, target, hostname };
  if (name === "" || operands.length > 0)
    throw new Error("expected probe MODULE TARGET or probe --service=NAME, try --help");
  const service = configuration.services.get(name);
  if (service === undefined) throw new Error(`There is no service ${JSON.stringify(name)} in the configuration`);
  const resting = restingReport(service, configuration);
  return { ...service, hostname: hostname === "" ? service.hostname : hostname, resting };
}

async function probe({ module, target, hostname }: Subject, options: ProbeCommandOptions): Promise<Report> {
  const { configuration, commandLine, signal } = options;
  const network = createNetwork();
  // Disposing of them ends what runs in the background.
  const faults: string[] = [];
  const storage = storagePlaceOf(commandLine);
  using services = servicesFor({ module, target }, { configuration, storage, network, faults });
  const runner = createLocalRunner({ modules: () => configuration.modules, network, services });
  const moduleSeconds = configuration.modules.get(module)?.timeoutSeconds;
  // As a scrape that says nothing of its timeout.
  const timeoutSeconds = probeTimeoutSeconds({ header: undefined, offsetSeconds: 0, moduleSeconds });
  const host = hostname === "" ? {} : { hostname };
  const report = await runner.run({ module, target, ...host, timeoutSeconds, receivedAt: Date.now() }, signal);
  // Without it the report would claim that nothing has come in.
  if (faults[0] !== undefined) throw new Error(`Cannot read what the exporter keeps: ${faults[0]}`);
  return report;
}

/**
 * A server that reports is judged by what the exporter keeps. Everything else is asked afresh and kept in memory only: a
 * person wants to see what, for instance, a registry says now.
 */
function servicesFor(
  { module, target }: Pick<Subject, "module" | "target">,
  given: {
    readonly configuration: Pick<Configuration, "modules" | "servers">;
    readonly storage: StoragePlace;
    readonly network: ReturnType<typeof createNetwork>;
    /** Takes why the store cannot be read. */
    readonly faults: string[];
  },
): Services {
  const { modules, servers } = given.configuration;
  const reports = modules.get(module)?.protocol === "server" && servers.get(target)?.source.kind === "reports";
  return createServices(given.network, {
    ...(reports ? { storage: given.storage, access: "read" } : { storage: { kind: "memory" } }),
    storeObserver: { onFault: (_kind, detail) => void given.faults.push(detail), onRecovery: () => undefined },
    servers: () => servers,
  });
}
