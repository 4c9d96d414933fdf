import type { Network } from "../network/network.ts";
import type { Module } from "../probe/prober.ts";
import { run } from "../probe/run.ts";
import type { Services } from "../probe/services.ts";
import { createServices } from "./create-services.ts";
import type { Runner } from "./runner.ts";

/** Runs probes in this thread, with whatever modules `modules()` yields when a probe starts. */
export function createLocalRunner(options: {
  readonly modules: () => ReadonlyMap<string, Module>;
  readonly network: Network;
  /** What stateful protocols keep between probes; if absent, as long as this runner lasts. */
  readonly services?: Services;
}): Runner {
  const services = options.services ?? createServices(options.network);
  return {
    run(request, signal) {
      return run({
        module: options.modules().get(request.module),
        moduleName: request.module,
        target: request.target,
        hostname: request.hostname,
        timeoutSeconds: request.timeoutSeconds,
        waitedSeconds: Math.max(0, Date.now() - request.receivedAt) / 1000,
        network: options.network,
        services,
        signal,
      });
    },
  };
}
