import type { Outcome } from "../../src/outcome/outcome.ts";
import type { Subject } from "../../src/outcome/reachable.ts";
import type { Fault, Settings } from "./fault.ts";
import type { Traffic } from "./servers/fault-server.ts";

/** A fault of the scrape or of its target's spelling, which needs no server. */
export function staticFault(
  subject: Subject,
  definition: {
    readonly name: string;
    readonly outcome: Outcome;
    readonly target: string;
    readonly module: Settings | undefined;
    readonly scrapeTimeout?: string;
  },
): Fault {
  const { name, outcome, ...given } = definition;
  return {
    subject,
    name,
    outcome,
    start: () => Promise.resolve({ ...given, server: NOBODY }),
  };
}

const NOBODY: Traffic = { connections: () => 0, arrivals: () => 0, [Symbol.asyncDispose]: () => Promise.resolve() };
