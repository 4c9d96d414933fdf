import { z } from "zod";
import type { Schema } from "../settings/schema.ts";
import { text } from "../settings/text.ts";

/** Whether probes of a service run: only those of an `active` one do. */
const SERVICE_STATES = ["active", "created", "disabled"] as const;

/** A module and a target under a name, declared so that Prometheus finds them. */
export interface Service {
  readonly name: string;
  readonly module: string;
  readonly target: string;
  /** The name given along with the target, as `hostname=` does; empty for none. */
  readonly hostname: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly state: (typeof SERVICE_STATES)[number];
}

/** A label and a line of a table still show it whole. */
const LONGEST_NAME = 200;

const name = text
  .refine((value) => value !== "", "expected a name")
  .refine((value) => value.length <= LONGEST_NAME, `expected at most ${LONGEST_NAME} characters`)
  .refine((value) => !/\p{Cc}/u.test(value), "expected a name without control characters");

const labels = z.record(z.string(), text).superRefine((given, context) => {
  for (const label of Object.keys(given)) {
    const message = labelProblem(label);
    if (message !== undefined) context.addIssue({ code: "custom", path: [label], message });
  }
});

/** Reads one entry of `services:`. Whether its module exists is for whoever knows the modules. */
export const serviceSchema: Schema<Service> = z
  .strictObject({
    name,
    module: text.refine((value) => value !== "", "expected the name of a module"),
    target: text.refine((value) => value !== "", "expected a target"),
    hostname: text.optional(),
    labels: labels.optional(),
    state: z.enum(SERVICE_STATES, { error: `expected one of ${SERVICE_STATES.join(", ")}` }).optional(),
  })
  .transform((raw) => ({
    ...raw,
    hostname: raw.hostname ?? "",
    labels: raw.labels ?? {},
    state: raw.state ?? "active",
  }));

/** Labels that the exporter gives by itself. */
const OWN_LABELS: ReadonlySet<string> = new Set(["service", "module"]);

function labelProblem(label: string): string | undefined {
  if (OWN_LABELS.has(label)) return "this label is given by the exporter itself, choose another name";
  if (label.startsWith("__")) return "names that begin with two underscores are Prometheus' own";
  if (!/^[a-z_]\w*$/iu.test(label)) return "expected a label name of letters, digits and underscores";
  return undefined;
}
