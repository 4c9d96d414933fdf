import { codesOf } from "../catalogue/codes-of.ts";
import { splitOutcome } from "../outcome/outcome.ts";
import type { ServiceStatus } from "../outcome/service-status.ts";
import { escapeLabelValue } from "./escape-label-value.ts";
import { familyHeader } from "./family-header.ts";
import { formatValue } from "./format-value.ts";
import type { TextFormat } from "./text-format.ts";

/**
 * How the declared services stand, as families without an end, to be put before other text. Written without a metrics
 * registry: with ten thousand services that would take most of a second.
 */
export function serviceText(statuses: readonly ServiceStatus[], format: TextFormat): string {
  const named = statuses.map((status) => ({ status, label: `service="${escapeLabelValue(status.service)}"` }));
  return FAMILIES.map(({ name, help, lines }) => {
    const samples = named.flatMap(({ status, label }) => lines(status, { label, format }));
    const text = samples.map((sample) => `${name}{${sample}\n`).join("");
    return text === "" ? "" : familyHeader({ name, help, type: "gauge" }, format) + text;
  }).join("");
}

interface Given {
  /** The label of the service. */
  readonly label: string;
  readonly format: TextFormat;
}

interface Family {
  readonly name: string;
  readonly help: string;
  /** The samples of one service, each from its first label on. */
  readonly lines: (status: ServiceStatus, given: Given) => readonly string[];
}

const FAMILIES: readonly Family[] = [
  {
    name: "status_exporter_service_last_probe_timestamp_seconds",
    help: "When the last probe of a declared service started, in Unix seconds; absent before the first",
    lines: ({ probedAt }, { label, format }) =>
      probedAt === undefined ? [] : [`${label}} ${formatValue(probedAt / 1000, format)}`],
  },
  {
    name: "status_exporter_service_outcome_info",
    help: "How the last probe of a declared service ended, or the state of one that is not probed, always 1",
    lines: ({ module, outcome }, { label, format }) => {
      const { phase, reason } = splitOutcome(outcome);
      const ending = `outcome="${outcome}",phase="${phase}",reason="${reason}"`;
      return [`module="${escapeLabelValue(module)}",${ending},${label}} ${formatValue(1, format)}`];
    },
  },
  {
    name: "status_exporter_service_status_code",
    help: "The documented status code of a declared service in each catalogue's list",
    lines: (status, { label, format }) =>
      codesOf(status).map(
        ({ catalogue, list, code }) => `catalogue="${catalogue}",list="${list}",${label}} ${formatValue(code, format)}`,
      ),
  },
];
