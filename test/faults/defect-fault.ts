import type { Protocol } from "../../src/outcome/protocol.ts";
import type { Prober } from "../../src/probe/prober.ts";
import type { Fault } from "./fault.ts";
import { staticFault } from "./static-fault.ts";

/** The target at which a sabotaged prober fails. */
const TARGET = "defect.test:1";

/**
 * A defect of the exporter itself. No target is known that causes one, so the prober is made to have one: the fault
 * shows only where the exporter runs with sabotaged probers.
 */
export function defectFault(subject: Protocol): Fault {
  return staticFault(subject, {
    name: "a prober with a defect",
    outcome: "local/defect",
    target: TARGET,
    module: { prober: subject },
  });
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
