import type { Report } from "../outcome/report.ts";
import type { StoragePlace } from "../storage/storage-place.ts";
import type { StoreFault } from "../storage/store-fault.ts";
import type { ProbeRequest } from "./runner.ts";

/** What the pool tells a thread. A configuration is YAML text, already found valid; it holds for all runs after it. */
export type ToThread =
  | { readonly kind: "configure"; readonly text: string }
  | { readonly kind: "run"; readonly id: number; readonly request: ProbeRequest }
  | { readonly kind: "cancel"; readonly id: number };

/** What a thread tells the pool: the report of a run, or news of the store in which services keep things. */
export type FromThread =
  | { readonly kind: "report"; readonly id: number; readonly report: Report }
  | { readonly kind: "store-fault"; readonly fault: StoreFault; readonly detail: string }
  | { readonly kind: "store-recovery" };

/** What a thread is given at its start. */
export interface ThreadData {
  readonly storage: StoragePlace;
}
