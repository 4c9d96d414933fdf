import type { FailureOf } from "../../src/outcome/outcome.ts";
import { type DnsAnswer, startDnsServer } from "../support/dns-server.ts";
import type { Approach } from "./approach.ts";
import type { Fault, Settings } from "./fault.ts";
import { type NetworkFault, networkFault } from "./network-fault.ts";

/** What may go wrong with a name; each module asks a DNS server of its own. */
export function resolveFaults(approach: Approach): readonly Fault[] {
  return RESOLVE_FAULTS.map((definition) => networkFault(approach, definition));
}

/** `.test` names exist nowhere (RFC 6761 §6.2). */
const PLACE = { host: "shop.test", port: 80 };

/** Response codes of DNS (RFC 1035 §4.1.1). */
const SERVER_FAILURE = 2;
const NO_SUCH_NAME = 3;

const RESOLVE_FAULTS: readonly NetworkFault[] = [
  dnsFault("a name that does not exist", { outcome: "resolve/name-not-found", answer: NO_SUCH_NAME }),
  dnsFault("a name without an address", { outcome: "resolve/no-address", answer: [] }),
  dnsFault("a DNS server that fails", { outcome: "resolve/server-failure", answer: SERVER_FAILURE }),
  dnsFault("a DNS server that stays silent", {
    outcome: "resolve/timeout",
    answer: "silence",
    module: { timeout: "1500ms" },
  }),
];

function dnsFault(
  name: string,
  fault: { readonly outcome: FailureOf<"resolve">; readonly answer: DnsAnswer; readonly module?: Settings },
): NetworkFault {
  return {
    name,
    outcome: fault.outcome,
    async start() {
      const dns = await startDnsServer({ "shop.test A": fault.answer, "shop.test AAAA": fault.answer });
      const server = {
        ...PLACE,
        connections: () => 0,
        arrivals: () => dns.questions.length,
        [Symbol.asyncDispose]: () => dns[Symbol.asyncDispose](),
      };
      return { server, wishes: { channel: "plain" }, module: { ...fault.module, resolver: dns.address } };
    },
  };
}
