import type { Outcome } from "../../../src/outcome/outcome.ts";
import type { Fault, Settings } from "../fault.ts";
import type { FaultServer } from "../servers/fault-server.ts";
import { WEBSOCKET_APPROACH } from "./approach.ts";

/** What tells one fault of a WebSocket from another. */
export interface WebSocketFault {
  readonly name: string;
  readonly outcome: Outcome;
  /** The status of the answer, where the codes repeat it. */
  readonly httpStatus?: number;
  /** The module's `websocket` block. */
  readonly websocket?: Settings;
  /** The module's keys beside it. */
  readonly module?: Settings;
  readonly start: () => Promise<FaultServer>;
}

/** A fault of a WebSocket server that a module with these settings runs into. */
export function websocketFault(definition: WebSocketFault): Fault {
  const { name, outcome, httpStatus, websocket = {}, module = {} } = definition;
  return {
    subject: "websocket",
    name,
    outcome,
    ...(httpStatus === undefined ? {} : { httpStatus }),
    async start() {
      const server = await definition.start();
      return {
        target: WEBSOCKET_APPROACH.target(server, "plain"),
        module: { prober: "websocket", timeout: "5s", ...module, websocket },
        server,
      };
    },
  };
}
