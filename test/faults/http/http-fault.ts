import type { Outcome } from "../../../src/outcome/outcome.ts";
import type { Fault, Settings } from "../fault.ts";
import type { FaultServer, Place } from "../servers/fault-server.ts";

/** What tells one HTTP fault from another. */
export interface HttpFault {
  readonly name: string;
  readonly outcome: Outcome;
  /** The status of the final response, where the codes repeat it. */
  readonly httpStatus?: number;
  /** The module's `http` block. */
  readonly http?: Settings;
  /** The module's keys beside it. */
  readonly module?: Settings;
  readonly start: () => Promise<FaultServer>;
  /** Where the server is asked; its root over plain HTTP if absent. */
  readonly target?: (place: Place) => string;
}

/** A fault of an HTTP server that a module with these settings runs into. */
export function httpFault(definition: HttpFault): Fault {
  const { name, outcome, httpStatus, http = {}, module = {}, target = plainUrl } = definition;
  return {
    subject: "http",
    name,
    outcome,
    ...(httpStatus === undefined ? {} : { httpStatus }),
    async start() {
      const server = await definition.start();
      return {
        target: target(server),
        module: { prober: "http", timeout: "5s", ...module, http },
        server,
      };
    },
  };
}

/** The root of a server over plain HTTP. */
export function plainUrl({ host, port }: Place): string {
  return `http://${host}:${port}/`;
}
