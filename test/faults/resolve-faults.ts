import type { FailureOf } from "../../src/outcome/outcome.ts";
import type { Approach } from "./approach.ts";
import type { Fault, Settings } from "./fault.ts";
import { type NetworkFault, networkFault } from "./network-fault.ts";
import { type REFUSALS, startDnsRefusal } from "./servers/dns-refusal.ts";

/** What may go wrong with a name; each module asks a DNS server of its own. */
export function resolveFaults(approach: Approach): readonly Fault[] {
  return RESOLVE_FAULTS.map((definition) => networkFault(approach, definition));
}

/** `.test` names exist nowhere (RFC 6761 §6.2). */
const PLACE = { host: "shop.test", port: 80 };

const RESOLVE_FAULTS: readonly NetworkFault[] = [
  dnsFault("a name that does not exist", { outcome: "resolve/name-not-found", refusal: "no-such-name" }),
  dnsFault("a name without an address", { outcome: "resolve/no-address", refusal: "no-records" }),
  dnsFault("a DNS server that fails", { outcome: "resolve/server-failure", refusal: "server-failure" }),
  dnsFault("a DNS server that stays silent", {
    outcome: "resolve/timeout",
    refusal: "silence",
    module: { timeout: "400ms" },
  }),
];

function dnsFault(
  name: string,
  fault: {
    readonly outcome: FailureOf<"resolve">;
    readonly refusal: keyof typeof REFUSALS;
    readonly module?: Settings;
  },
): NetworkFault {
  return {
    name,
    outcome: fault.outcome,
    async start() {
      const server = await startDnsRefusal(fault.refusal);
      const module = { ...fault.module, resolver: `${server.host}:${server.port}` };
      return { server, place: PLACE, wishes: { channel: "plain" }, module };
    },
  };
}
