import { addressFaults } from "../address-faults.ts";
import type { Approach } from "../approach.ts";
import { connectFaults } from "../connect-faults.ts";
import { defectFault } from "../defect-fault.ts";
import { exhaustionFault } from "../exhaustion-fault.ts";
import type { Fault } from "../fault.ts";
import { requestFaults } from "../request-faults.ts";
import { resolveFaults } from "../resolve-faults.ts";
import { startServer } from "../servers/fault-server.ts";
import { staticFault } from "../static-fault.ts";
import { tlsFaults } from "../tls-faults.ts";
import { PAGE_FAULTS } from "./page.ts";
import { START_TLS_FAULTS } from "./start-tls.ts";

const TLS_APPROACH: Approach = {
  subject: "tls",
  listen: startServer,
  target: ({ host, port }) => `${host}:${port}`,
  settings: ({ tls, sourceAddress }) => ({
    tls: {
      ...(tls === undefined ? {} : { tls_config: tls }),
      ...(sourceAddress === undefined ? {} : { source_ip_address: sourceAddress }),
    },
  }),
};

/** Everything that can be wrong with the TLS of a server. */
export const TLS_FAULTS: readonly Fault[] = [
  ...requestFaults(TLS_APPROACH),
  staticFault("tls", {
    name: "a target with a port that cannot be",
    outcome: "request/parameter-missing",
    target: "127.0.0.1:0",
    module: { prober: "tls" },
  }),
  staticFault("tls", {
    name: "a target of an unknown scheme",
    outcome: "request/unsupported-scheme",
    target: "gopher://127.0.0.1/",
    module: { prober: "tls" },
  }),
  staticFault("tls", {
    name: "a target of http",
    outcome: "tls/not-offered",
    target: "http://127.0.0.1/",
    module: { prober: "tls" },
  }),
  ...resolveFaults(TLS_APPROACH),
  ...addressFaults(TLS_APPROACH),
  ...connectFaults(TLS_APPROACH),
  ...tlsFaults(TLS_APPROACH),
  ...START_TLS_FAULTS,
  ...PAGE_FAULTS,
  exhaustionFault(TLS_APPROACH),
  defectFault("tls"),
];
