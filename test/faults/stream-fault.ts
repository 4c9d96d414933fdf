import type { Outcome } from "../../src/outcome/outcome.ts";
import type { Fault, Settings } from "./fault.ts";
import type { FaultServer, Place } from "./servers/fault-server.ts";
import type { StreamProtocol, StreamWishes } from "./stream-protocol.ts";

/** What tells one fault of a stream from another. */
export interface StreamFault {
  readonly name: string;
  readonly outcome: Outcome;
  /** The module's keys beside the protocol's. */
  readonly module?: Settings;
  readonly start: () => Promise<StartedStream>;
}

export interface StartedStream {
  readonly server: FaultServer;
  /** Where to point the probe, if not at the server itself. */
  readonly place?: Place;
  readonly wishes: StreamWishes;
  /** Keys of the module that are known only now. */
  readonly module?: Settings;
}

/** A fault below the protocol, as a probe of that protocol meets it. */
export function streamFault(protocol: StreamProtocol, definition: StreamFault): Fault {
  const { subject } = protocol;
  return {
    subject,
    name: definition.name,
    outcome: definition.outcome,
    async start() {
      const { server, place = server, wishes, module = {} } = await definition.start();
      const settings = protocol.settings(wishes);
      return {
        target: protocol.target(place, wishes.channel),
        module: { prober: subject, timeout: "5s", ...definition.module, ...module, ...settings },
        connections: server.connections,
        [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
      };
    },
  };
}
