import type { Protocol } from "../../src/outcome/protocol.ts";
import type { Fault } from "./fault.ts";
import { HTTP_FAULTS } from "./http/all.ts";
import { MODULE_FAULTS } from "./module-faults.ts";

/** Every fault, protocol by protocol; the first are those of a scrape whose protocol is unknown. */
export const FAULTS: readonly Fault[] = [...MODULE_FAULTS, ...Object.values(byProtocol()).flat()];

function byProtocol(): Partial<Record<Protocol, readonly Fault[]>> {
  return { http: HTTP_FAULTS };
}
