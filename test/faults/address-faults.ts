import type { Approach } from "./approach.ts";
import type { Fault } from "./fault.ts";
import { type NetworkFault, networkFault } from "./network-fault.ts";
import type { FaultServer, Place } from "./servers/fault-server.ts";
import { startStreamServer } from "./servers/stream-server.ts";

/** What may be wrong with an address, the target's or the exporter's own, before anything is sent. */
export function addressFaults(approach: Approach): readonly Fault[] {
  return ADDRESS_FAULTS.map((definition) => networkFault(approach, definition));
}

const PLAIN = { channel: "plain" } as const;

/** Of a network set aside for documentation (RFC 5737), so that no machine has it: a socket cannot be bound to it. */
const ADDRESS_OF_NOBODY = "192.0.2.199";

/** Linux connects no socket to the broadcast address, with or without a route: no packet is sent. */
const BROADCAST: Place = { host: "255.255.255.255", port: 80 };

const ADDRESS_FAULTS: readonly NetworkFault[] = [
  {
    name: "an internal address where those are forbidden",
    outcome: "policy/internal-address",
    module: { internal_addresses: "forbid" },
    start: async () => ({ server: await startQuietServer(), wishes: PLAIN }),
  },
  {
    name: "a socket that cannot be made, for its address is not this machine's",
    outcome: "local/no-socket",
    start: async () => ({ server: await startQuietServer(), wishes: { ...PLAIN, sourceAddress: ADDRESS_OF_NOBODY } }),
  },
  {
    name: "an address to which no connection is possible",
    outcome: "connect/unreachable",
    start: async () => ({ server: await startQuietServer(), place: BROADCAST, wishes: PLAIN }),
  },
];

/** There to show by its count that no connection was made or is left. */
function startQuietServer(): Promise<FaultServer> {
  return startStreamServer(() => undefined);
}
