import { loadConfiguration } from "../../../src/config/load-configuration.ts";
import { createNetwork } from "../../../src/network/create-network.ts";
import type { KeyValueStore } from "../../../src/outcome/key-value-store.ts";
import type { Report } from "../../../src/outcome/report.ts";
import { Services } from "../../../src/probe/services.ts";
import { PROBERS } from "../../../src/probers/all.ts";
import { createLocalRunner } from "../../../src/runner/local-runner.ts";
import { createMemoryStore } from "../../../src/storage/memory-store.ts";
import type { Settings } from "../../faults/fault.ts";
import { createFakeClock, type FakeClock } from "./fake-clock.ts";

/** An exporter that watches domains by a clock of the test's; dispose it as one that ends. */
export interface Watch extends Disposable {
  readonly clock: FakeClock;
  readonly probe: (target: string, options?: { readonly timeoutSeconds?: number }) => Promise<Report>;
}

/** Starts watching with one module of these settings; another watch with the same store is the exporter after a restart. */
export function watchDomain(
  domain: Settings,
  options: { readonly store?: KeyValueStore; readonly clock?: FakeClock; readonly module?: Settings } = {},
): Watch {
  const { store = createMemoryStore(), clock = createFakeClock(), module = {} } = options;
  const configuration = { modules: { case: { prober: "domain", ...module, domain } } };
  const loaded = loadConfiguration(JSON.stringify(configuration), PROBERS);
  if ("problems" in loaded) throw new Error(`Cannot use the module: ${loaded.problems.join("\n")}`);
  const network = createNetwork();
  const services = new Services({ network, store, clock, servers: () => new Map() });
  const runner = createLocalRunner({ modules: () => loaded.modules, network, services });
  return {
    clock,
    probe: (target, { timeoutSeconds = 5 } = {}) =>
      runner.run({ module: "case", target, timeoutSeconds, receivedAt: Date.now() }, new AbortController().signal),
    [Symbol.dispose]: () => services[Symbol.dispose](),
  };
}
