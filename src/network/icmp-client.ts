import { ProbeFailure } from "../outcome/probe-failure.ts";
import type { EchoPlan, EchoRoute, EchoRun, IcmpClient, IcmpMethod } from "./icmp.ts";
import { createChannelPool } from "./icmp-channel-pool.ts";
import { createInbox } from "./icmp-inbox.ts";
import { type IcmpSystem, openKernelSocket } from "./icmp-kernel-socket.ts";
import { findPingProgram, type PingProgram } from "./icmp-ping-program.ts";
import { startPingRun } from "./icmp-ping-run.ts";
import { startSocketRun } from "./icmp-run.ts";
import type { EchoSocket } from "./icmp-socket.ts";
import { loadSystemCalls } from "./icmp-system-calls.ts";
import { checkedSourceAddress } from "./source-address.ts";

export interface IcmpClientOptions {
  /** What to try, in this order. */
  readonly methods?: readonly Exclude<IcmpMethod, "none">[];
  /** The name or path of the `ping` program. */
  readonly pingProgram?: string;
}

/** One for each thread: its probes share sockets. Opens nothing before it is asked. */
export function createIcmpClient(options: IcmpClientOptions = {}): IcmpClient {
  const { methods = ["datagram", "raw", "ping"], pingProgram = "ping" } = options;
  let found: Promise<Engine> | undefined;
  const engine = async (): Promise<Engine> => {
    found ??= findEngine(methods, pingProgram);
    const known = await found;
    // What was missing may be there again: a file descriptor, say.
    if (known.method === "none" && performance.now() > known.foundMilliseconds + RETRY_MILLISECONDS) found = undefined;
    return known;
  };
  return {
    method: async () => (await engine()).method,
    start: async (plan, { signal }) => {
      if (plan.sourceAddress !== undefined) checkedSourceAddress(plan.sourceAddress, plan.ip);
      const { start } = await engine();
      signal.throwIfAborted();
      return start(plan, signal);
    },
  };
}

/** Rare enough to cost nothing, often enough that the next scrapes find what has changed. */
const RETRY_MILLISECONDS = 10_000;

/** One way to send echo requests, with what it needs. */
interface Engine {
  readonly method: IcmpMethod;
  /** By the monotonic clock. */
  readonly foundMilliseconds: number;
  readonly start: (plan: EchoPlan, signal: AbortSignal) => EchoRun | Promise<EchoRun>;
}

/** The first method that works here; why the others do not is kept for whoever probes in vain. */
async function findEngine(methods: readonly IcmpMethod[], pingProgram: string): Promise<Engine> {
  const refusals: string[] = [];
  const system = await load(refusals);
  for (const method of methods) {
    if (method === "ping") {
      const program = await findPingProgram(pingProgram);
      if ("problem" in program) refusals.push(program.problem);
      else return pingEngine(program);
    } else if (method !== "none" && system !== undefined) {
      const refusal = refusalOf(method, system);
      if (refusal === undefined) return socketEngine(method, system);
      refusals.push(refusal);
    }
  }
  return noEngine(refusals);
}

async function load(refusals: string[]): Promise<IcmpSystem | undefined> {
  try {
    const calls = await loadSystemCalls();
    return { calls, inbox: createInbox(calls) };
  } catch (error) {
    refusals.push(messageOf(error));
    return undefined;
  }
}

/** One socket, opened and closed again; of IPv4, for the permission is the same for both families. */
function refusalOf(method: "datagram" | "raw", system: IcmpSystem): string | undefined {
  try {
    openKernelSocket(PLAIN, { system, method }).close();
    return undefined;
  } catch (error) {
    return `${method} socket: ${messageOf(error)}`;
  }
}

const PLAIN: EchoRoute = {
  family: 4,
  sourceAddress: undefined,
  hopLimit: undefined,
  typeOfService: undefined,
  dontFragment: false,
};

function socketEngine(method: "datagram" | "raw", system: IcmpSystem): Engine {
  const pool = createChannelPool((route) => openSocket(route, { system, method }));
  return {
    method,
    foundMilliseconds: performance.now(),
    start: (plan, signal) => {
      const { channel, release } = pool.take(plan);
      return startSocketRun(plan, { channel, signal, release });
    },
  };
}

function openSocket(
  route: EchoRoute,
  options: { readonly system: IcmpSystem; readonly method: "datagram" | "raw" },
): EchoSocket {
  try {
    return openKernelSocket(route, options);
  } catch (error) {
    const from = route.sourceAddress === undefined ? "" : `, from ${route.sourceAddress}`;
    const detail = `Cannot open an ICMP socket (${options.method}, IPv${route.family}${from}): ${messageOf(error)}`;
    throw new ProbeFailure("local/no-socket", { detail, cause: error });
  }
}

function pingEngine(program: PingProgram): Engine {
  return {
    method: "ping",
    foundMilliseconds: performance.now(),
    start: (plan, signal) => startPingRun(plan, { program, signal }),
  };
}

function noEngine(refusals: readonly string[]): Engine {
  const detail = `This host lets the exporter send no echo requests (${refusals.join("; ")}). ${REMEDY}`;
  return {
    method: "none",
    foundMilliseconds: performance.now(),
    start: () => Promise.reject(new ProbeFailure("local/no-socket", { detail })),
  };
}

const REMEDY =
  "Either let its group open ICMP sockets (sysctl net.ipv4.ping_group_range), or grant it CAP_NET_RAW, or install the ping program of iputils.";

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
