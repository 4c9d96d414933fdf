import type { Network } from "../network/network.ts";
import type { Module } from "../probe/prober.ts";
import { run } from "../probe/run.ts";
import type { Runner } from "./runner.ts";

/** Runs probes in this thread, with whatever modules `modules()` yields when a probe starts. */
export function createLocalRunner(options: {
  readonly modules: () => ReadonlyMap<string, Module>;
  readonly network: Network;
}): Runner {
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
        signal,
      });
    },
  };
}
