import type { Protocol } from "../../src/outcome/protocol.ts";
import type { Prober } from "../../src/probe/prober.ts";
import type { Fault } from "./fault.ts";

/** The target at which a sabotaged prober fails. */
const TARGET = "defect.test:1";

/**
 * A defect of the exporter itself. No target can cause one that is known of, so the prober is made to have one: the
 * fault shows only where the exporter runs with sabotaged probers.
 */
export function defectFault(subject: Protocol): Fault {
  return {
    subject,
    name: "a prober with a defect",
    outcome: "local/defect",
    start: async () => ({
      target: TARGET,
      module: { prober: subject },
      connections: () => 0,
      async [Symbol.asyncDispose]() {},
    }),
  };
}

/** The prober with a defect that shows at one target alone. */
export function sabotage(prober: Prober): Prober {
  const settings = prober.settings.transform(
    (probe): typeof probe =>
      (target, context) =>
        target === TARGET ? context.during("exchange", failByDefect) : probe(target, context),
  );
  return { ...prober, settings };
}

function failByDefect(): never {
  throw new TypeError("Cannot read properties of undefined (reading 'length')");
}
