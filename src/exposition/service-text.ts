import { codesOf } from "../catalogue/codes-of.ts";
import { splitOutcome } from "../outcome/outcome.ts";
import type { ServiceStatus } from "../outcome/service-status.ts";
import { escapeLabelValue } from "./escape-label-value.ts";
import { type StatusFamily, statusText } from "./status-text.ts";
import type { TextFormat } from "./text-format.ts";

/** How the declared services stand, as text to be put before other families. */
export function serviceText(statuses: readonly ServiceStatus[], format: TextFormat): string {
  return statusText(statuses, { families: FAMILIES, label: "service", nameOf: ({ service }) => service, format });
}

const FAMILIES: readonly StatusFamily<ServiceStatus>[] = [
  {
    name: "status_exporter_service_last_probe_timestamp_seconds",
    help: "When the last probe of a declared service started, in Unix seconds; absent before the first",
    samples: ({ probedAt }) => (probedAt === undefined ? [] : [["", probedAt / 1000]]),
  },
  {
    name: "status_exporter_service_outcome_info",
    help: "How the last probe of a declared service ended, or the state of one that is not probed, always 1",
    samples: ({ module, outcome }) => {
      const { phase, reason } = splitOutcome(outcome);
      return [[`module="${escapeLabelValue(module)}",outcome="${outcome}",phase="${phase}",reason="${reason}",`, 1]];
    },
  },
  {
    name: "status_exporter_service_status_code",
    help: "The documented status code of a declared service in each catalogue's list",
    samples: (status) =>
      codesOf(status).map(({ catalogue, list, code }) => [`catalogue="${catalogue}",list="${list}",`, code]),
  },
];
