import { createServer } from "node:net";
import type { Approach } from "../approach.ts";
import { conversationFaults } from "../conversation-faults.ts";
import { defectFault } from "../defect-fault.ts";
import { exhaustionFault } from "../exhaustion-fault.ts";
import type { Fault } from "../fault.ts";
import { networkFault } from "../network-fault.ts";
import { requestFaults } from "../request-faults.ts";
import { startUnixServer } from "../servers/unix-server.ts";
import { staticFault } from "../static-fault.ts";
import { tlsFaults } from "../tls-faults.ts";

const UNIX_APPROACH: Approach = {
  subject: "unix",
  listen: startUnixServer,
  target: ({ host }) => host,
  settings: ({ channel, tls, steps }) => ({
    unix: {
      tls: channel === "tls",
      tls_config: { ...tls, server_name: "localhost" },
      ...(steps === undefined ? {} : { query_response: steps }),
    },
  }),
};

/** Everything that can be wrong with a service on a Unix socket. */
export const UNIX_FAULTS: readonly Fault[] = [
  ...requestFaults(UNIX_APPROACH),
  staticFault("unix", {
    name: "a path that is too long for a socket",
    outcome: "request/parameter-missing",
    target: `/tmp/${"long".repeat(50)}`,
    module: { prober: "unix" },
  }),
  networkFault(UNIX_APPROACH, {
    name: "a path at which there is no socket",
    outcome: "connect/refused",
    async start(listen) {
      const server = await listen(createServer());
      return { server, place: { host: `${server.host}-of-nobody`, port: 0 }, wishes: { channel: "plain" } };
    },
  }),
  ...tlsFaults(UNIX_APPROACH),
  ...conversationFaults(UNIX_APPROACH),
  exhaustionFault(UNIX_APPROACH),
  defectFault("unix"),
];
