import { addressFaults } from "../address-faults.ts";
import { connectFaults } from "../connect-faults.ts";
import { defectFault } from "../defect-fault.ts";
import { exhaustionFault } from "../exhaustion-fault.ts";
import type { Fault } from "../fault.ts";
import { greetingApproach } from "../greeting-approach.ts";
import { requestFaults } from "../request-faults.ts";
import { resolveFaults } from "../resolve-faults.ts";
import { staticFault } from "../static-fault.ts";
import { tlsFaults } from "../tls-faults.ts";
import { dialogueFaults } from "./dialogue-faults.ts";

const POP3_APPROACH = greetingApproach("pop3");

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
