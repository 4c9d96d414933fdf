import type { Approach } from "./approach.ts";
import type { Fault } from "./fault.ts";
import { networkFault } from "./network-fault.ts";
import { startStreamServer } from "./servers/stream-server.ts";

/** A socket that cannot be opened, for the exporter has no file descriptor left; the target is sound. */
export function exhaustionFault(approach: Approach): Fault {
  const fault = networkFault(approach, {
    name: "an exporter without a file descriptor left",
    outcome: "local/no-socket",
    start: async (listen) => ({
      server: await startStreamServer((socket) => socket.end(), listen),
      wishes: { channel: "plain" },
    }),
  });
  return { ...fault, exporter: "exhausted" };
}
