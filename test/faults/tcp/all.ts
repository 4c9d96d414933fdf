import { addressFaults } from "../address-faults.ts";
import type { Approach } from "../approach.ts";
import { connectFaults } from "../connect-faults.ts";
import { conversationFaults } from "../conversation-faults.ts";
import { defectFault } from "../defect-fault.ts";
import { exhaustionFault } from "../exhaustion-fault.ts";
import type { Fault } from "../fault.ts";
import { requestFaults } from "../request-faults.ts";
import { resolveFaults } from "../resolve-faults.ts";
import { startServer } from "../servers/fault-server.ts";
import { staticFault } from "../static-fault.ts";
import { tlsFaults } from "../tls-faults.ts";

const TCP_APPROACH: Approach = {
  subject: "tcp",
  listen: startServer,
  target: ({ host, port }) => `${host}:${port}`,
  settings: ({ channel, tls, sourceAddress, steps }) => ({
    tcp: {
      tls: channel === "tls",
      ...(tls === undefined ? {} : { tls_config: tls }),
      ...(sourceAddress === undefined ? {} : { source_ip_address: sourceAddress }),
      ...(steps === undefined ? {} : { query_response: steps }),
    },
  }),
};

/** Everything that can be wrong with a TCP service. */
export const TCP_FAULTS: readonly Fault[] = [
  ...requestFaults(TCP_APPROACH),
  staticFault("tcp", {
    name: "a target without a port",
    outcome: "request/parameter-missing",
    target: "127.0.0.1",
    module: { prober: "tcp" },
  }),
  ...resolveFaults(TCP_APPROACH),
  ...addressFaults(TCP_APPROACH),
  ...connectFaults(TCP_APPROACH),
  ...tlsFaults(TCP_APPROACH),
  ...conversationFaults(TCP_APPROACH),
  exhaustionFault(TCP_APPROACH),
  defectFault("tcp"),
];
