import type { Settings } from "./fault.ts";
import type { Besides } from "./start-fleet.ts";

/** How a service is declared that is in a state of the lists: `active` is pending until its first probe. */
export type RestingState = "created" | "disabled" | "active";

const STATES = {
  created: "a service that is not in use yet",
  disabled: "a service that was switched off",
  active: "a service that was never probed",
} as const satisfies Record<RestingState, string>;

/** One module for each of Hitflow's lists, named after the list in which its probes have their codes. */
export const RESTING_MODULES = {
  service: { prober: "tcp" },
  server: { prober: "server" },
  ssl: { prober: "tls" },
  domain: { prober: "domain" },
} as const satisfies Settings;

/** A target that nothing is sent to. A server has to be declared, and this one is not that of any fault. */
export const RESTING_TARGET = "at-rest";

/** The name of the service that is in this state in this list. */
export function restingName(list: string, state: RestingState): string {
  return `${list}: ${STATES[state]}`;
}

/** Services that nothing runs for, one in each list and state. */
export function restingServices(states: readonly RestingState[]): Besides {
  const services = states.flatMap((state) =>
    Object.keys(RESTING_MODULES).map((module) => {
      const name = restingName(module, state);
      return { name, module, target: RESTING_TARGET, state, labels: { instance: name } };
    }),
  );
  return { modules: RESTING_MODULES, servers: { [RESTING_TARGET]: { token_sha256: "0".repeat(64) } }, services };
}
