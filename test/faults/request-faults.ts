import type { Fault } from "./fault.ts";
import { startStreamServer } from "./servers/stream-server.ts";
import type { StreamProtocol } from "./stream-protocol.ts";

/** What may be wrong with the scrape itself, before any traffic: a server stands by to show that nothing reaches it. */
export function requestFaults(protocol: StreamProtocol): readonly Fault[] {
  const { subject } = protocol;
  const module = { prober: subject, ...protocol.settings({ channel: "plain" }) };
  return [
    {
      subject,
      name: "a scrape without a target",
      outcome: "request/target-missing",
      start: async () => ({ target: "", module, connections: () => 0, async [Symbol.asyncDispose]() {} }),
    },
    timeoutFault(protocol, { name: "a scrape whose timeout is no number", scrapeTimeout: "soon" }),
    timeoutFault(protocol, { name: "a scrape whose timeout leaves no time", scrapeTimeout: "0.1" }),
  ];
}

function timeoutFault(
  protocol: StreamProtocol,
  { name, scrapeTimeout }: { readonly name: string; readonly scrapeTimeout: string },
): Fault {
  const { subject } = protocol;
  return {
    subject,
    name,
    outcome: "deadline/no-time-left",
    async start() {
      const server = await startStreamServer(() => undefined);
      return {
        target: protocol.target(server, "plain"),
        module: { prober: subject, ...protocol.settings({ channel: "plain" }) },
        scrapeTimeout,
        connections: server.connections,
        [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
      };
    },
  };
}
