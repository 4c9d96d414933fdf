import { addressFaults } from "../address-faults.ts";
import { connectFaults } from "../connect-faults.ts";
import { defectFault } from "../defect-fault.ts";
import { exhaustionFault } from "../exhaustion-fault.ts";
import type { Fault } from "../fault.ts";
import { requestFaults } from "../request-faults.ts";
import { resolveFaults } from "../resolve-faults.ts";
import { tlsFaults } from "../tls-faults.ts";
import { HTTP_APPROACH } from "./approach.ts";
import { CONTENT_FAULTS } from "./content.ts";
import { EXCHANGE_FAULTS } from "./exchange.ts";
import { SECURE_FAULTS } from "./secure.ts";
import { STATUS_FAULTS } from "./statuses.ts";
import { TARGET_FAULTS } from "./targets.ts";
import { UPLOAD_FAULTS } from "./upload.ts";

/** Everything that can be wrong with a site, in the order in which a probe would meet it. */
export const HTTP_FAULTS: readonly Fault[] = [
  ...requestFaults(HTTP_APPROACH),
  ...TARGET_FAULTS,
  ...resolveFaults(HTTP_APPROACH),
  ...addressFaults(HTTP_APPROACH),
  ...connectFaults(HTTP_APPROACH),
  ...tlsFaults(HTTP_APPROACH),
  ...UPLOAD_FAULTS,
  ...EXCHANGE_FAULTS,
  ...STATUS_FAULTS,
  ...SECURE_FAULTS,
  ...CONTENT_FAULTS,
  exhaustionFault(HTTP_APPROACH),
  defectFault("http"),
];
