import { createAuthority } from "../../support/certificates.ts";
import { addressFaults } from "../address-faults.ts";
import { connectFaults } from "../connect-faults.ts";
import { defectFault } from "../defect-fault.ts";
import { exhaustionFault } from "../exhaustion-fault.ts";
import type { Fault } from "../fault.ts";
import { requestFaults } from "../request-faults.ts";
import { resolveFaults } from "../resolve-faults.ts";
import { staticFault } from "../static-fault.ts";
import { tlsFaults } from "../tls-faults.ts";
import { WEBSOCKET_APPROACH } from "./approach.ts";
import { WEBSOCKET_EXCHANGE_FAULTS } from "./exchange.ts";
import { UPGRADE_FAULTS } from "./upgrade.ts";
import { startWebSocketServer } from "./websocket-server.ts";

const MODULE = { prober: "websocket", timeout: "5s" };

/** Everything that can be wrong with a WebSocket, in the order in which a probe would meet it. */
export const WEBSOCKET_FAULTS: readonly Fault[] = [
  ...requestFaults(WEBSOCKET_APPROACH),
  staticFault("websocket", {
    name: "a target without a scheme",
    outcome: "request/parameter-missing",
    target: "127.0.0.1:80/chat",
    module: MODULE,
  }),
  staticFault("websocket", {
    name: "a URL of another protocol",
    outcome: "request/unsupported-scheme",
    target: "http://127.0.0.1/chat",
    module: MODULE,
  }),
  ...resolveFaults(WEBSOCKET_APPROACH),
  ...addressFaults(WEBSOCKET_APPROACH),
  ...connectFaults(WEBSOCKET_APPROACH),
  ...tlsFaults(WEBSOCKET_APPROACH),
  ...UPGRADE_FAULTS,
  ...WEBSOCKET_EXCHANGE_FAULTS,
  {
    subject: "websocket",
    name: "a healthy server over TLS",
    outcome: "success",
    async start() {
      const authority = await createAuthority();
      const { key, chain } = await authority.issue();
      const server = await startWebSocketServer(() => undefined, { key, cert: chain });
      return {
        target: WEBSOCKET_APPROACH.target(server, "tls"),
        module: { ...MODULE, websocket: { http_config: { tls_config: { ca: authority.certificate } } } },
        server,
      };
    },
  },
  exhaustionFault(WEBSOCKET_APPROACH),
  // The sabotaged prober fails at one target whatever the protocol, before it is read.
  defectFault("websocket"),
];
