import { escapeLabelValue } from "./escape-label-value.ts";
import { familyHeader } from "./family-header.ts";
import { formatValue } from "./format-value.ts";
import type { TextFormat } from "./text-format.ts";

/** A gauge with samples for each of many things. */
export interface StatusFamily<Status> {
  readonly name: string;
  readonly help: string;
  /** The samples of one thing: the labels beside its name, each with a comma after it, and the value. */
  readonly samples: (status: Status) => readonly (readonly [labels: string, value: number])[];
}

/**
 * How many things stand, as families without an end, to be put before other text. Written without a metrics registry:
 * with ten thousand services that would take most of a second.
 */
export function statusText<Status>(
  statuses: readonly Status[],
  given: {
    readonly families: readonly StatusFamily<Status>[];
    /** The label that names a thing, and its name. */
    readonly label: string;
    readonly nameOf: (status: Status) => string;
    readonly format: TextFormat;
  },
): string {
  const { families, label, nameOf, format } = given;
  const named = statuses.map((status) => ({ status, own: `${label}="${escapeLabelValue(nameOf(status))}"` }));
  return families
    .map(({ name, help, samples }) => {
      let text = "";
      for (const { status, own } of named) {
        for (const [labels, value] of samples(status))
          text += `${name}{${labels}${own}} ${formatValue(value, format)}\n`;
      }
      return text === "" ? "" : familyHeader({ name, help, type: "gauge" }, format) + text;
    })
    .join("");
}
