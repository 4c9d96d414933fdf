import { createNetwork } from "../network/create-network.ts";
import { isSuccess } from "../outcome/outcome.ts";
import type { Module } from "../probe/prober.ts";
import { createServices } from "../runner/create-services.ts";
import { createLocalRunner } from "../runner/local-runner.ts";
import { presentReport } from "./present-report.ts";

/** What a probe at the terminal is given where its module sets no timeout: what a scrape without a header gets. */
const DEFAULT_TIMEOUT_SECONDS = 120;

/** Runs one probe and prints its report; the exit code is 0 on success and 1 on failure. Interrupting cancels it. */
export async function probeCommand(options: {
  readonly modules: ReadonlyMap<string, Module>;
  readonly module: string;
  readonly target: string;
  readonly signal: AbortSignal;
  readonly write: (text: string) => void;
}): Promise<0 | 1> {
  const network = createNetwork();
  // In memory only: a person asks to see what the registry says now. Disposing of them ends what runs in the background.
  using services = createServices(network);
  const runner = createLocalRunner({ modules: () => options.modules, network, services });
  const report = await runner.run(
    {
      module: options.module,
      target: options.target,
      timeoutSeconds: options.modules.get(options.module)?.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
      receivedAt: Date.now(),
    },
    options.signal,
  );
  options.write(presentReport(report));
  return isSuccess(report.outcome) ? 0 : 1;
}
