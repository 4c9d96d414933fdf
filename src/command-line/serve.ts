import { documentedCodes } from "../catalogue/documented-codes.ts";
import type { ConfigurationHolder, LoadResult } from "../config/configuration-holder.ts";
import { createOwnMetrics, type OwnMetrics } from "../exposition/own-metrics.ts";
import { createNetwork } from "../network/create-network.ts";
import { createIcmpClient } from "../network/icmp-client.ts";
import type { Network } from "../network/network.ts";
import type { Subject } from "../outcome/reachable.ts";
import { LOG_LEVELS, type LogLevel } from "../outcome/report.ts";
import type { Services } from "../probe/services.ts";
import { VERSION } from "../probe/version.ts";
import { ServerReports } from "../probers/server/server-reports.ts";
import { serverStatuses } from "../probers/server/server-statuses.ts";
import { createServices, type Keeping } from "../runner/create-services.ts";
import { createLocalRunner } from "../runner/local-runner.ts";
import { createRoutedRunner } from "../runner/routed-runner.ts";
import type { Runner } from "../runner/runner.ts";
import { createThreadPool } from "../runner/thread-pool.ts";
import { createJointObserver } from "../storage/joint-observer.ts";
import type { StoragePlace } from "../storage/storage-place.ts";
import { createApplication } from "../web/application.ts";
import { History } from "../web/history.ts";
import { ServiceBoard } from "../web/service-board.ts";
import type { WebConfigHolder } from "../web/web-config-holder.ts";
import { webProtection } from "../web/web-config-protection.ts";
import { createWebServer } from "../web/web-config-server.ts";
import { readWebPaths } from "../web/web-paths.ts";
import type { CommandLine } from "./flags.ts";
import { readListenAddress, readSystemdSockets } from "./listen-address.ts";
import { loggedRunner } from "./logged-runner.ts";
import type { Logger } from "./logger.ts";
import { storagePlaceOf } from "./storage-place-of.ts";
import { startWebServer } from "./web-server.ts";

/** A running exporter. */
export interface Exporter {
  readonly urls: readonly string[];
  /** Loads the configuration again; what runs stays where the file cannot be used. */
  reload(): Promise<LoadResult>;
  /** Stops taking requests and resolves when the probes in flight have been answered. */
  stop(): Promise<void>;
}

/** Starts serving with a configuration that has been loaded. */
export async function serve(options: {
  readonly commandLine: CommandLine;
  readonly holder: ConfigurationHolder;
  readonly web: WebConfigHolder;
  readonly logger: Logger;
}): Promise<Exporter> {
  const { commandLine, holder, web, logger } = options;
  const metrics = createOwnMetrics({
    version: VERSION,
    nodeVersion: process.versions.node,
    codes: documentedCodes(),
    // As the threads that probe will find it out, each for itself.
    icmpMethod: await createIcmpClient().method(),
    lastReload: () => holder.lastReload,
  });
  const stopping = new AbortController();
  await using scope = new AsyncDisposableStack();
  const network = createNetwork();
  const keeping = keepingOf({ ...options, metrics });
  const services = scope.use(createServices(network, keeping()));
  const runner = startRunner({ ...options, keeping, network, services }, scope);
  const reload = (): Promise<LoadResult> => reloadWith(holder, { metrics, logger });
  const reports = services.get(ServerReports);
  const application = createApplication({
    version: VERSION,
    paths: readWebPaths({
      externalUrl: commandLine.text("web.external-url"),
      routePrefix: commandLine.text("web.route-prefix"),
    }),
    guards: [webProtection(web, () => performance.now())],
    runner: loggedRunner(runner, logger),
    metrics,
    history: new History(commandLine.number("history.limit")),
    services: new ServiceBoard(),
    reports,
    serverStatuses: () => serverStatuses(reports),
    configuration: () => holder.current.configuration,
    reload: async () => problemsOf(await reload()),
    ready: () => !stopping.signal.aborted,
    timeoutOffsetSeconds: commandLine.number("timeout-offset"),
    probeLogLevel: readProbeLogLevel(commandLine.text("log.prober")),
    log: (level, message, fields) => logger.log(level, message, fields),
  });
  const server = await startWebServer({
    createServer: () => createWebServer(application, web),
    addresses: addressesOf(commandLine),
    scheme: web.current.tls === undefined ? "http" : "https",
  });
  const background = [watch(options, { metrics, signal: stopping.signal }), reports.keepCounting(stopping.signal)];
  const resources = scope.move();
  return {
    urls: server.urls,
    reload,
    async stop() {
      stopping.abort();
      await Promise.all([server.close(), ...background]);
      await resources.disposeAsync();
    },
  };
}

function startRunner(
  options: {
    readonly commandLine: CommandLine;
    readonly holder: ConfigurationHolder;
    readonly logger: Logger;
    readonly keeping: () => Keeping;
    readonly network: Network;
    /** Those of this thread. */
    readonly services: Services;
  },
  scope: AsyncDisposableStack,
): Runner {
  const { commandLine, holder, logger, network, services } = options;
  const modules = (): typeof holder.current.configuration.modules => holder.current.configuration.modules;
  const subjectOf = (module: string): Subject => modules().get(module)?.protocol ?? "any";
  const threads = commandLine.number("probe.threads");
  const served = createLocalRunner({ modules, network, services });
  if (threads === 0) return served;
  const pool = scope.use(
    createThreadPool({
      threads,
      configuration: () => holder.current.text,
      subjectOf,
      onThreadLost: (reason) => logger.log("error", "A probe thread ended", { reason }),
      keeping: options.keeping(),
    }),
  );
  scope.defer(holder.subscribe(({ text }) => pool.configure(text)));
  return createRoutedRunner({ subjectOf, served, others: pool });
}

/** Where each thread keeps what stateful protocols learn, and who hears when it cannot be kept. */
function keepingOf(options: {
  readonly commandLine: CommandLine;
  readonly holder: ConfigurationHolder;
  readonly logger: Logger;
  readonly metrics: OwnMetrics;
}): () => Keeping {
  const { commandLine, holder, logger, metrics } = options;
  const storage = storagePlaceOf(commandLine);
  const newObserver = createJointObserver({
    onFault(fault, detail) {
      metrics.storeFailed(fault);
      logger.log("error", "Cannot use the storage", { storage: STORAGE_FLAGS[storage.kind], fault, detail });
    },
    onRecovery() {
      metrics.storeRecovered();
      logger.log("info", "The storage can be used again", { storage: STORAGE_FLAGS[storage.kind] });
    },
  });
  const servers = (): typeof holder.current.configuration.servers => holder.current.configuration.servers;
  return () => ({ servers, storage, storeObserver: newObserver() });
}

/** What whoever reads the log has to look at. */
const STORAGE_FLAGS = {
  memory: "none",
  file: "--storage.path",
  redis: "--storage.url",
} as const satisfies Record<StoragePlace["kind"], string>;

async function reloadWith(
  holder: ConfigurationHolder,
  { metrics, logger }: { readonly metrics: OwnMetrics; readonly logger: Logger },
): Promise<LoadResult> {
  const result = await holder.load();
  tell(result, { metrics, logger });
  if (result.kind !== "refused") warn(holder, logger);
  return result;
}

function tell(
  result: LoadResult,
  { metrics, logger }: { readonly metrics: OwnMetrics; readonly logger: Logger },
): void {
  metrics.configurationReloaded(result.kind === "refused" ? "failure" : "success");
  if (result.kind === "refused") {
    for (const problem of result.problems) logger.log("error", problem);
    logger.log("error", "Kept the running configuration");
    return;
  }
  logger.log("info", result.kind === "changed" ? "Reloaded the configuration" : "The configuration has not changed");
}

/** Says what is accepted in the running configuration but probably not meant. */
export function warn(holder: ConfigurationHolder, logger: Logger): void {
  for (const warning of holder.current.configuration.warnings) logger.log("warn", warning);
}

function watch(
  {
    commandLine,
    holder,
    logger,
  }: { readonly commandLine: CommandLine; readonly holder: ConfigurationHolder; readonly logger: Logger },
  { metrics, signal }: { readonly metrics: OwnMetrics; readonly signal: AbortSignal },
): Promise<void> {
  if (!commandLine.on("config.enable-auto-reload")) return Promise.resolve();
  const intervalSeconds = Math.max(1, commandLine.number("config.auto-reload-interval"));
  return holder.watch({ intervalSeconds, signal, onResult: (result) => tell(result, { metrics, logger }) });
}

function addressesOf(commandLine: CommandLine): Parameters<typeof startWebServer>[0]["addresses"] {
  if (commandLine.on("web.systemd-socket")) return readSystemdSockets(process.env, process.pid);
  return commandLine.list("web.listen-address").map(readListenAddress);
}

function problemsOf(result: LoadResult): readonly string[] {
  return result.kind === "refused" ? result.problems : [];
}

function readProbeLogLevel(text: string): LogLevel | "none" {
  return LOG_LEVELS.find((level) => level === text) ?? "none";
}
