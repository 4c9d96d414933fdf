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

const SMTP_APPROACH = greetingApproach("smtp");

/** Everything that can be wrong with a mail server that takes messages. */
export const SMTP_FAULTS: readonly Fault[] = [
  ...requestFaults(SMTP_APPROACH),
  staticFault("smtp", {
    name: "a target of another protocol",
    outcome: "request/parameter-missing",
    target: "imap://127.0.0.1",
    module: { prober: "smtp" },
  }),
  staticFault("smtp", {
    name: "a recipient that is no address",
    outcome: "request/invalid-mailbox",
    target: "127.0.0.1",
    module: { prober: "smtp", smtp: { recipient: "nobody" } },
  }),
  ...resolveFaults(SMTP_APPROACH),
  ...addressFaults(SMTP_APPROACH),
  ...connectFaults(SMTP_APPROACH),
  ...tlsFaults(SMTP_APPROACH),
  ...dialogueFaults(),
  exhaustionFault(SMTP_APPROACH),
  defectFault("smtp"),
];
