import type { Approach } from "./approach.ts";
import type { Fault } from "./fault.ts";
import { type NetworkFault, networkFault } from "./network-fault.ts";
import { startClosedPort } from "./servers/closed-port.ts";
import { startFullBacklog } from "./servers/full-backlog.ts";

/** What may go wrong while a TCP connection is opened. */
export function connectFaults(approach: Approach): readonly Fault[] {
  return CONNECT_FAULTS.map((definition) => networkFault(approach, definition));
}

const CONNECT_FAULTS: readonly NetworkFault[] = [
  {
    name: "a port on which nothing listens",
    outcome: "connect/refused",
    start: async () => ({ server: await startClosedPort(), wishes: { channel: "plain" } }),
  },
  {
    name: "a listener that is too busy to take another connection",
    outcome: "connect/timeout",
    module: { timeout: "1500ms" },
    start: async () => ({ server: await startFullBacklog(), wishes: { channel: "plain" } }),
  },
];
