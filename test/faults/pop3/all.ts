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
import { dialogueFaults } from "./dialogue-faults.ts";

const POP3_APPROACH: Approach = {
  subject: "pop3",
  listen: startServer,
  target: ({ host, port }, channel) => `${channel === "tls" ? "pop3s" : "pop3"}://${host}:${port}`,
  settings: ({ tls, sourceAddress }) => ({
    pop3: {
      ...(tls === undefined ? {} : { tls_config: tls }),
      ...(sourceAddress === undefined ? {} : { source_ip_address: sourceAddress }),
    },
  }),
};

/** Everything that can be wrong with a server of POP3. */
export const POP3_FAULTS: readonly Fault[] = [
  ...requestFaults(POP3_APPROACH),
  staticFault("pop3", {
    name: "a target of another protocol",
    outcome: "request/parameter-missing",
    target: "smtp://127.0.0.1",
    module: { prober: "pop3" },
  }),
  staticFault("pop3", {
    name: "a file of the password that is not there",
    outcome: "request/parameter-missing",
    target: "127.0.0.1",
    module: { prober: "pop3", pop3: { username: "prober", password_file: "/nonexistent/password" } },
  }),
  staticFault("pop3", {
    name: "a port that is none",
    outcome: "request/parameter-missing",
    target: "127.0.0.1:99999",
    module: { prober: "pop3" },
  }),
  ...resolveFaults(POP3_APPROACH),
  ...addressFaults(POP3_APPROACH),
  ...connectFaults(POP3_APPROACH),
  ...tlsFaults(POP3_APPROACH),
  ...dialogueFaults(),
  exhaustionFault(POP3_APPROACH),
  defectFault("pop3"),
];
