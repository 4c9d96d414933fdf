import type { Network } from "../network/network.ts";
import type { KeyValueStore } from "../outcome/key-value-store.ts";
import type { ServerSettings } from "../settings/server-settings.ts";

/** What a service works in: everything that varies between an exporter and its tests. */
export interface ServiceEnvironment {
  readonly network: Network;
  readonly store: KeyValueStore;
  /** `read`: what the store holds is another process's, which this one only looks at; `own` if absent. */
  readonly access?: "own" | "read";
  readonly clock: ServiceClock;
  /** The servers of the configuration as it is now, by name. */
  readonly servers: () => ReadonlyMap<string, ServerSettings>;
  /** Aborts when the exporter ends: work in the background stops. */
  readonly signal: AbortSignal;
}

/** Time and chance, as far as services need them. */
export interface ServiceClock {
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Resolves after so many seconds; rejects when the signal aborts first. */
  readonly sleep: (seconds: number, signal: AbortSignal) => Promise<void>;
  /** A number from 0 up to 1. */
  readonly random: () => number;
}

/**
 * What stateful protocols keep between probes: one instance of each service, made when a probe first asks for it.
 * Dispose it to end what runs in the background.
 */
export class Services implements Disposable {
  readonly #environment: ServiceEnvironment;
  readonly #ending: AbortController;
  readonly #made = new Map<unknown, object>();

  constructor(parts: Omit<ServiceEnvironment, "signal">) {
    this.#ending = new AbortController();
    this.#environment = { ...parts, signal: this.#ending.signal };
  }

  get<T extends object>(Service: new (environment: ServiceEnvironment) => T): T {
    const known = this.#made.get(Service);
    if (known instanceof Service) return known;
    const made = new Service(this.#environment);
    this.#made.set(Service, made);
    return made;
  }

  [Symbol.dispose](): void {
    this.#ending.abort();
    this.#environment.store[Symbol.dispose]();
  }
}
