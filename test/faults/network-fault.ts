import type { Outcome } from "../../src/outcome/outcome.ts";
import type { Approach, Wishes } from "./approach.ts";
import type { Fault, Settings } from "./fault.ts";
import type { FaultServer, Listen, Place } from "./servers/fault-server.ts";

/** What tells one fault below the protocols from another. */
export interface NetworkFault {
  readonly name: string;
  readonly outcome: Outcome;
  /** The module's keys beside the protocol's. */
  readonly module?: Settings;
  readonly start: (listen: Listen) => Promise<StartedNetwork>;
}

export interface StartedNetwork {
  readonly server: FaultServer;
  /** Where to point the probe, if not at the server itself. */
  readonly place?: Place;
  readonly wishes: Wishes;
  /** Keys of the module that are known only now. */
  readonly module?: Settings;
}

/** A fault below the protocol, as a probe of that protocol meets it. */
export function networkFault(approach: Approach, definition: NetworkFault): Fault {
  const { subject } = approach;
  return {
    subject,
    name: definition.name,
    outcome: definition.outcome,
    async start() {
      const { server, place = server, wishes, module = {} } = await definition.start(approach.listen);
      return {
        target: approach.target(place, wishes.channel),
        module: { prober: subject, timeout: "5s", ...definition.module, ...module, ...approach.settings(wishes) },
        server,
      };
    },
  };
}
