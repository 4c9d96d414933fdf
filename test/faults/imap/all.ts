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

const IMAP_APPROACH = greetingApproach("imap");

/** Everything that can be wrong with a server of IMAP. */
export const IMAP_FAULTS: readonly Fault[] = [
  ...requestFaults(IMAP_APPROACH),
  staticFault("imap", {
    name: "a target of another protocol",
    outcome: "request/parameter-missing",
    target: "smtp://127.0.0.1",
    module: { prober: "imap" },
  }),
  staticFault("imap", {
    name: "a file of the password that is not there",
    outcome: "request/parameter-missing",
    target: "127.0.0.1",
    module: { prober: "imap", imap: { username: "prober", password_file: "/nonexistent/password" } },
  }),
  staticFault("imap", {
    name: "a port that is none",
    outcome: "request/parameter-missing",
    target: "127.0.0.1:99999",
    module: { prober: "imap" },
  }),
  ...resolveFaults(IMAP_APPROACH),
  ...addressFaults(IMAP_APPROACH),
  ...connectFaults(IMAP_APPROACH),
  ...tlsFaults(IMAP_APPROACH),
  ...dialogueFaults(),
  exhaustionFault(IMAP_APPROACH),
  defectFault("imap"),
];
