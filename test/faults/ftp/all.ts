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

const FTP_APPROACH = greetingApproach("ftp");

/** Everything that can be wrong with a file server. */
export const FTP_FAULTS: readonly Fault[] = [
  ...requestFaults(FTP_APPROACH),
  staticFault("ftp", {
    name: "a target of another protocol",
    outcome: "request/parameter-missing",
    target: "sftp://127.0.0.1",
    module: { prober: "ftp" },
  }),
  staticFault("ftp", {
    name: "a password whose file does not exist",
    outcome: "request/parameter-missing",
    target: "127.0.0.1",
    module: { prober: "ftp", ftp: { username: "prober", password_file: "/nonexistent" } },
  }),
  ...resolveFaults(FTP_APPROACH),
  ...addressFaults(FTP_APPROACH),
  ...connectFaults(FTP_APPROACH),
  ...tlsFaults(FTP_APPROACH),
  ...dialogueFaults(),
  exhaustionFault(FTP_APPROACH),
  defectFault("ftp"),
];
