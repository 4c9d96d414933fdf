import type { Outcome } from "../../../src/outcome/outcome.ts";
import { addressFaults } from "../address-faults.ts";
import type { Approach } from "../approach.ts";
import { defectFault } from "../defect-fault.ts";
import { exhaustionFault } from "../exhaustion-fault.ts";
import type { Fault, Settings } from "../fault.ts";
import { requestFaults } from "../request-faults.ts";
import { resolveFaults } from "../resolve-faults.ts";
import { type OnDatagram, startClosedDatagramPort, startDatagramServer } from "../servers/datagram-server.ts";
import { type FaultServer, startServer } from "../servers/fault-server.ts";
import { staticFault } from "../static-fault.ts";

const UDP_APPROACH: Approach = {
  subject: "udp",
  listen: startServer,
  target: ({ host, port }) => `${host}:${port}`,
  settings: ({ sourceAddress }) => ({
    udp: { send: "ping", ...(sourceAddress === undefined ? {} : { source_ip_address: sourceAddress }) },
  }),
};

/** More than anybody waits for, and few enough that the loopback drops none of them for want of room. */
const MANY_REPLIES = 200;

/** Everything that can be wrong with a UDP service. */
export const UDP_FAULTS: readonly Fault[] = [
  ...requestFaults(UDP_APPROACH),
  staticFault("udp", {
    name: "a target without a port",
    outcome: "request/parameter-missing",
    target: "127.0.0.1",
    module: { prober: "udp" },
  }),
  ...resolveFaults(UDP_APPROACH),
  ...addressFaults(UDP_APPROACH),
  udpFault("a healthy server", {
    outcome: "success",
    udp: { send: "ping", expect: "pong" },
    start: answering((_, reply) => reply("pong")),
  }),
  udpFault("a server that takes longer than it may", {
    outcome: "timing/too-slow",
    module: { max_response_time: "20ms" },
    start: answering((_, reply) => setTimeout(() => reply("pong"), 60)),
  }),
  udpFault("a port on which nothing listens", { outcome: "connect/refused", start: startClosedDatagramPort }),
  udpFault("a server that stays silent", {
    outcome: "exchange/no-reply",
    module: { timeout: "1500ms" },
    start: answering(() => undefined),
  }),
  udpFault("an empty reply", { outcome: "exchange/malformed", start: answering((_, reply) => reply("")) }),
  udpFault("a server that replies something else", {
    outcome: "content/missing",
    module: { timeout: "1500ms" },
    udp: { send: "ping", expect: "pong" },
    start: answering((_, reply) => reply("what?")),
  }),
  udpFault("a server that replies without end", {
    outcome: "content/missing",
    module: { timeout: "1500ms" },
    udp: { send: "ping", expect: "pong" },
    start: answering((_, reply) => {
      for (let replies = 0; replies < MANY_REPLIES; replies += 1) reply("what?");
    }),
  }),
  udpFault("a server that replies something that is forbidden", {
    outcome: "content/forbidden",
    udp: { send: "ping", forbidden_content: "error" },
    start: answering((_, reply) => reply("error 42")),
  }),
  exhaustionFault(UDP_APPROACH),
  defectFault("udp"),
];

function answering(onDatagram: OnDatagram): () => Promise<FaultServer> {
  return () => startDatagramServer(onDatagram);
}

function udpFault(
  name: string,
  fault: {
    readonly outcome: Outcome;
    readonly module?: Settings;
    readonly udp?: Settings;
    readonly start: () => Promise<FaultServer>;
  },
): Fault {
  const { outcome, module = {}, udp = { send: "ping" } } = fault;
  return {
    subject: "udp",
    name,
    outcome,
    async start() {
      const server = await fault.start();
      return {
        target: UDP_APPROACH.target(server, "plain"),
        module: { prober: "udp", timeout: "5s", ...module, udp },
        server,
      };
    },
  };
}
