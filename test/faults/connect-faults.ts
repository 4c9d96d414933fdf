import type { Fault } from "./fault.ts";
import { startClosedPort } from "./servers/closed-port.ts";
import type { FaultServer, Place } from "./servers/fault-server.ts";
import { startFullBacklog } from "./servers/full-backlog.ts";
import { startStreamServer } from "./servers/stream-server.ts";
import { type StreamFault, streamFault } from "./stream-fault.ts";
import type { StreamProtocol } from "./stream-protocol.ts";

/** What may go wrong before and while a stream socket is connected, nearest to the exporter first. */
export function connectFaults(protocol: StreamProtocol): readonly Fault[] {
  return CONNECT_FAULTS.map((definition) => streamFault(protocol, definition));
}

const PLAIN = { channel: "plain" } as const;

/** Of a network set aside for documentation (RFC 5737), so that no machine has it: a socket cannot be bound to it. */
const ADDRESS_OF_NOBODY = "192.0.2.199";

/** Linux refuses to connect a stream to the broadcast address itself, with or without a route: no packet is sent. */
const BROADCAST: Place = { host: "255.255.255.255", port: 80 };

const CONNECT_FAULTS: readonly StreamFault[] = [
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
    name: "a port on which nothing listens",
    outcome: "connect/refused",
    start: async () => ({ server: await startClosedPort(), wishes: PLAIN }),
  },
  {
    name: "an address to which no connection is possible",
    outcome: "connect/unreachable",
    start: async () => ({ server: await startQuietServer(), place: BROADCAST, wishes: PLAIN }),
  },
  {
    name: "a listener that is too busy to take another connection",
    outcome: "connect/timeout",
    module: { timeout: "400ms" },
    start: async () => ({ server: await startFullBacklog(), wishes: PLAIN }),
  },
];

/** There to show by its count that no connection was made or is left. */
function startQuietServer(): Promise<FaultServer> {
  return startStreamServer(() => undefined);
}
