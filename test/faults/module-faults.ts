import type { Fault } from "./fault.ts";
import { staticFault } from "./static-fault.ts";

/** What may be wrong with the module that a scrape names, so that not even the protocol is known. */
export const MODULE_FAULTS: readonly Fault[] = [
  staticFault("any", {
    name: "a module that is not configured",
    outcome: "request/unknown-prober",
    target: "127.0.0.1",
    module: undefined,
  }),
];
