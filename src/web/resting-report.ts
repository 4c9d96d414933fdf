import type { Service } from "../config/service-schema.ts";
import type { Report } from "../outcome/report.ts";
import type { ConfigurationView } from "./configuration-view.ts";
import { unprobedReport } from "./unprobed-report.ts";

/** The report of a service that is declared but not to be probed; undefined for one that is. */
export function restingReport(
  { module, target, state }: Service,
  { modules }: Pick<ConfigurationView, "modules">,
): Report | undefined {
  if (state === "active") return undefined;
  const outcome = state === "disabled" ? "state/disabled" : "state/created";
  const detail = `The service is declared with state: ${state}, so it was not probed`;
  return unprobedReport({ module, subject: modules.get(module)?.protocol ?? "any", target, outcome, detail });
}
