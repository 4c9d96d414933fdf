import { sleep } from "../network/deadline.ts";
import type { Network } from "../network/network.ts";
import { type ServiceEnvironment, Services } from "../probe/services.ts";
import { openStore } from "../storage/open-store.ts";
import { openStoreToRead } from "../storage/open-store-to-read.ts";
import type { StoragePlace } from "../storage/storage-place.ts";
import type { StoreObserver } from "../storage/store-fault.ts";

/** Where services keep what must survive a restart, and who is told when that fails. */
export interface Keeping {
  readonly storage: StoragePlace;
  readonly storeObserver: StoreObserver;
  /** `read` looks at what a running exporter keeps, and changes nothing; `own` if absent. */
  readonly access?: "own" | "read";
  /** The servers of the configuration as it is now; none if absent. */
  readonly servers?: ServiceEnvironment["servers"];
}

/**
 * The services of one thread, with the real clock; without a word about keeping, they forget when they end. Throws an
 * `Error` for a person where they are to read what cannot be read.
 */
export function createServices(network: Network, keeping: Keeping = FORGETFUL): Services {
  const { storage, storeObserver, access = "own" } = keeping;
  return new Services({
    network,
    store: (access === "read" ? openStoreToRead : openStore)(storage, storeObserver),
    access,
    clock: { now: () => Date.now(), sleep, random: () => Math.random() },
    servers: keeping.servers ?? (() => new Map()),
  });
}

/** Memory has no faults to tell. */
const FORGETFUL: Keeping = {
  storage: { kind: "memory" },
  storeObserver: { onFault: () => undefined, onRecovery: () => undefined },
};
