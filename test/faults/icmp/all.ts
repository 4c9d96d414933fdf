import type { Outcome } from "../../../src/outcome/outcome.ts";
import { errorAbout, type OnEcho, ownAddress, replyTo, startEchoHost } from "../../support/echo-host.ts";
import { addressFaults } from "../address-faults.ts";
import type { Approach } from "../approach.ts";
import { defectFault } from "../defect-fault.ts";
import type { Fault, Settings } from "../fault.ts";
import { requestFaults } from "../request-faults.ts";
import { resolveFaults } from "../resolve-faults.ts";
import { type FaultServer, startServer } from "../servers/fault-server.ts";
import { staticFault } from "../static-fault.ts";

const ICMP_APPROACH: Approach = {
  subject: "icmp",
  listen: startServer,
  target: ({ host }) => host,
  settings: ({ sourceAddress }) => ({
    icmp: {
      preferred_ip_protocol: "ip4",
      ...(sourceAddress === undefined ? {} : { source_ip_address: sourceAddress }),
    },
  }),
};

/** Of a network set aside for documentation (RFC 5737). */
const ROUTER = Uint8Array.of(192, 0, 2, 1);

/** Few enough that the loopback drops none of them for want of room. */
const MANY_REPLIES = 50;

const SEVERAL = { packets: 4, interval: "10ms", packet_timeout: "600ms" };

/** Everything that can be wrong with a host that is pinged. */
export const ICMP_FAULTS: readonly Fault[] = [
  ...requestFaults(ICMP_APPROACH),
  targetFault("a target with a port", "127.0.0.1:80"),
  targetFault("a URL in place of a host", "http://127.0.0.1/"),
  ...resolveFaults(ICMP_APPROACH),
  // Whether the kernel even looks at the address depends on its leave to send: the same outcome is provoked below.
  ...addressFaults(ICMP_APPROACH).filter(({ outcome }) => outcome !== "connect/unreachable"),
  echoFault("a healthy host", {
    outcome: "success",
    icmp: SEVERAL,
    onEcho: (request) => [{ message: replyTo(request) }],
  }),
  echoFault("a host that takes longer than it may", {
    outcome: "timing/too-slow",
    module: { max_response_time: "10ms" },
    onEcho: (request) => [{ message: replyTo(request), afterMilliseconds: 40 }],
  }),
  errorFault("a host that a router calls unreachable", { outcome: "connect/unreachable", type: 3, code: 1 }),
  errorFault("a time to live that is used up on the way", { outcome: "exchange/no-reply", type: 11, code: 0 }),
  errorFault("a packet that is too big for a link", { outcome: "exchange/no-reply", type: 3, code: 4 }),
  echoFault("a host that never answers", {
    outcome: "exchange/no-reply",
    module: { timeout: "1500ms" },
    onEcho: () => [],
  }),
  echoFault("a host that answers each packet too late", {
    outcome: "exchange/no-reply",
    icmp: { packets: 2, interval: "10ms", packet_timeout: "30ms" },
    onEcho: (request) => [{ message: replyTo(request), afterMilliseconds: 80 }],
  }),
  echoFault("somebody else who answers in the host's place", {
    outcome: "exchange/no-reply",
    module: { timeout: "1500ms" },
    onEcho: (request) => [{ message: replyTo(request), source: ROUTER }],
  }),
  echoFault("replies that are not ICMP", {
    outcome: "exchange/no-reply",
    module: { timeout: "1500ms" },
    onEcho: () => [
      { message: Buffer.from("What?") },
      { message: Buffer.alloc(64, 0xff) },
      { message: Buffer.alloc(0) },
    ],
  }),
  echoFault("replies that are cut short", {
    outcome: "exchange/malformed",
    module: { timeout: "1500ms" },
    onEcho: (request) => [{ message: replyTo(request, request.subarray(8, 20)) }],
  }),
  echoFault("replies that do not repeat what was sent", {
    outcome: "exchange/malformed",
    module: { timeout: "1500ms" },
    onEcho: (request) => [{ message: replyTo(request, Buffer.alloc(request.length - 8)) }],
  }),
  echoFault("a host that answers each packet many times", {
    outcome: "success",
    icmp: SEVERAL,
    onEcho: (request) => Array.from({ length: MANY_REPLIES }, () => ({ message: replyTo(request) })),
  }),
  echoFault("a link that loses more packets than it may", {
    outcome: "exchange/packet-loss",
    icmp: { ...SEVERAL, max_loss_ratio: 0.3 },
    onEcho: losing([1, 2]),
  }),
  echoFault("a link that loses one packet where none may be lost", {
    outcome: "exchange/packet-loss",
    icmp: SEVERAL,
    onEcho: losing([3]),
  }),
  echoFault("a link that loses no more packets than it may", {
    outcome: "exchange/packet-loss-tolerated",
    icmp: { ...SEVERAL, max_loss_ratio: 0.5 },
    onEcho: losing([1, 2]),
  }),
  defectFault("icmp"),
];

function targetFault(name: string, target: string): Fault {
  const module = { prober: "icmp" };
  return staticFault("icmp", { name, outcome: "request/parameter-missing", target, module });
}

/** A host that answers all but some of the packets of each probe. */
function losing(numbers: readonly number[]): OnEcho {
  return (request, number) => (numbers.includes(number % SEVERAL.packets) ? [] : [{ message: replyTo(request) }]);
}

interface EchoFault {
  readonly outcome: Outcome;
  readonly module?: Settings;
  readonly icmp?: Settings;
  readonly onEcho: OnEcho;
}

function echoFault(name: string, fault: EchoFault): Fault {
  return hostFault(name, { ...fault, start: () => startEchoHost(fault.onEcho) });
}

/** A router that does not pass the packets on, and says why. */
function errorFault(
  name: string,
  { outcome, type, code }: { readonly outcome: Outcome; readonly type: number; readonly code: number },
): Fault {
  const start = async (): Promise<FaultServer> => {
    const host = await startEchoHost((request) => [
      { message: errorAbout(request, { type, code, destination: ownAddress(host) }), source: ROUTER },
    ]);
    return host;
  };
  return hostFault(name, { outcome, start });
}

function hostFault(
  name: string,
  definition: Omit<EchoFault, "onEcho"> & { readonly start: () => Promise<FaultServer> },
): Fault {
  const { outcome, module = {}, icmp = {} } = definition;
  return {
    subject: "icmp",
    name,
    outcome,
    async start() {
      const server = await definition.start();
      return { target: server.host, module: { prober: "icmp", timeout: "5s", ...module, icmp }, server };
    },
  };
}
