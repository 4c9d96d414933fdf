import { randomInt } from "node:crypto";
import { addressBytes } from "./address-bytes.ts";
import type { EchoRoute } from "./icmp.ts";
import { icmpErrorOf } from "./icmp-error.ts";
import type { Inbox, RawArrival } from "./icmp-inbox.ts";
import { decodeIcmp, decodeQuotedRequest, type IcmpMessage, ipv4Payload } from "./icmp-packet.ts";
import type { Arrival, EchoSocket } from "./icmp-socket.ts";
import type { SocketOption, SystemCalls } from "./icmp-system-calls.ts";

/** What the sockets of one thread share. */
export interface IcmpSystem {
  readonly calls: SystemCalls;
  readonly inbox: Inbox;
}

/**
 * Opens an ICMP socket of Linux: `datagram` (for groups in net.ipv4.ping_group_range; the system chooses the identifier
 * and passes on replies to it alone) or `raw` (with CAP_NET_RAW; sees whatever arrives). Throws the system's error.
 */
export function openKernelSocket(
  route: EchoRoute,
  { system, method }: { readonly system: IcmpSystem; readonly method: "datagram" | "raw" },
): EchoSocket {
  const { calls } = system;
  const { domain, protocol } = FAMILIES[route.family];
  const descriptor = calls.socket(domain, { type: method === "datagram" ? SOCK_DGRAM : SOCK_RAW, protocol });
  try {
    setUp(descriptor, { route, method, calls });
    return new KernelSocket(descriptor, { family: route.family, method, system });
  } catch (error) {
    calls.close(descriptor);
    throw error;
  }
}

const SOCK_DGRAM = 2;
const SOCK_RAW = 3;
const SOL_SOCKET = 1;
const SO_SNDBUF = 7;
const SO_RCVBUF = 8;
const SO_TIMESTAMPNS = 35;

/** asm-generic/socket.h, linux/in.h, linux/in6.h, linux/icmp.h, linux/icmpv6.h: the numbers of one family. */
const FAMILIES = {
  4: {
    domain: 2,
    protocol: 1,
    level: 0,
    hopLimit: 2, // IP_TTL
    typeOfService: 1, // IP_TOS
    receiveHopLimit: 12, // IP_RECVTTL
    receiveErrors: 11, // IP_RECVERR
    dontFragment: [{ name: 10, value: 3 }], // IP_MTU_DISCOVER
    filter: { level: 255, name: 1, types: [0, 3, 11], bytes: 4 }, // SOL_RAW, ICMP_FILTER
  },
  6: {
    domain: 10,
    protocol: 58,
    level: 41,
    hopLimit: 16, // IPV6_UNICAST_HOPS
    typeOfService: 67, // IPV6_TCLASS
    receiveHopLimit: 51, // IPV6_RECVHOPLIMIT
    receiveErrors: 25, // IPV6_RECVERR
    dontFragment: [
      { name: 23, value: 3 }, // IPV6_MTU_DISCOVER
      { name: 62, value: 1 }, // IPV6_DONTFRAG
    ],
    filter: { level: 58, name: 1, types: [1, 2, 3, 129], bytes: 32 }, // SOL_ICMPV6, ICMPV6_FILTER
  },
} as const;

/**
 * As much as many replies need that arrive while the event loop is busy: some thousand small packets. The system takes
 * no more than net.core.rmem_max allows.
 */
const BUFFER_BYTES = 4 * 1024 * 1024;

function setUp(
  descriptor: number,
  {
    route,
    method,
    calls,
  }: { readonly route: EchoRoute; readonly method: "datagram" | "raw"; readonly calls: SystemCalls },
): void {
  const { level, ...names } = FAMILIES[route.family];
  const wanted = [
    { level: SOL_SOCKET, name: SO_RCVBUF, value: integer(BUFFER_BYTES) },
    { level: SOL_SOCKET, name: SO_SNDBUF, value: integer(BUFFER_BYTES) },
    { level: SOL_SOCKET, name: SO_TIMESTAMPNS, value: integer(1) },
    { level, name: names.receiveHopLimit, value: integer(1) },
    // A raw socket gets errors as messages, like everything else.
    method === "datagram" ? { level, name: names.receiveErrors, value: integer(1) } : filterOption(names.filter),
  ];
  // A system that lacks one of these tells less, but works: what it does not tell stays unknown.
  for (const option of wanted) calls.setOption(descriptor, option);
  const required = [
    ...(route.hopLimit === undefined ? [] : [{ name: names.hopLimit, value: route.hopLimit }]),
    ...(route.typeOfService === undefined ? [] : [{ name: names.typeOfService, value: route.typeOfService }]),
    // 3 is PROBE: never fragment, and find out anew what fits rather than believe what an earlier probe learnt.
    ...(route.dontFragment ? names.dontFragment : []),
  ];
  for (const { name, value } of required) {
    const error = calls.setOption(descriptor, { level, name, value: integer(value) });
    if (error !== undefined) throw error;
  }
  if (route.sourceAddress !== undefined) calls.bind(descriptor, socketAddress(route.sourceAddress, calls));
}

function integer(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return bytes;
}

/** One bit for each type, little-endian words, set for those that the system shall keep to itself. */
function filterOption(filter: {
  readonly level: number;
  readonly name: number;
  readonly types: readonly number[];
  readonly bytes: number;
}): SocketOption {
  const value = new Uint8Array(filter.bytes).fill(0xff);
  for (const type of filter.types) value[type >> 3] = (value[type >> 3] ?? 0) & ~(1 << (type & 7));
  return { level: filter.level, name: filter.name, value };
}

/** `struct sockaddr_in` or `sockaddr_in6`; the port is nothing to ICMP. The zone is an interface's name or index. */
function socketAddress(ip: string, calls: SystemCalls): Uint8Array {
  const address = addressBytes(ip);
  const bytes = new Uint8Array(address.length === 4 ? 16 : 28);
  bytes[0] = address.length === 4 ? FAMILIES[4].domain : FAMILIES[6].domain;
  bytes.set(address, address.length === 4 ? 4 : 8);
  const zone = /%(.+)$/u.exec(ip)?.[1];
  if (zone !== undefined) {
    const index = /^\d+$/u.test(zone) ? Number(zone) : calls.interfaceIndex(zone);
    new DataView(bytes.buffer).setUint32(24, index, true);
  }
  return bytes;
}

/** An error that waits for this socket is told by the next call, whatever that is about; so often it is tried again. */
const MOST_TRIES = 4;

class KernelSocket implements EchoSocket {
  readonly family: 4 | 6;
  readonly identifier: number | undefined;
  readonly #descriptor: number;
  readonly #method: "datagram" | "raw";
  readonly #system: IcmpSystem;
  #hasErrors = false;

  constructor(
    descriptor: number,
    options: { readonly family: 4 | 6; readonly method: "datagram" | "raw"; readonly system: IcmpSystem },
  ) {
    this.#descriptor = descriptor;
    this.family = options.family;
    this.identifier = options.method === "raw" ? randomInt(0x10000) : undefined;
    this.#method = options.method;
    this.#system = options.system;
  }

  now(): number {
    return this.#system.inbox.now();
  }

  destination(ip: string): { readonly address: Uint8Array; readonly wire: Uint8Array } {
    const wire = socketAddress(ip, this.#system.calls);
    return { address: this.family === 4 ? wire.subarray(4, 8) : wire.subarray(8, 24), wire };
  }

  send(packet: Uint8Array, wire: Uint8Array): void {
    for (let tries = 1; ; tries += 1) {
      try {
        this.#system.calls.send(this.#descriptor, { packet, address: wire });
        return;
      } catch (error) {
        // It may be word of another request, sent to somebody else. What is about this one will be said again.
        if (tries >= MOST_TRIES) throw error;
        this.#hasErrors = true;
      }
    }
  }

  receive(): Arrival | "irrelevant" | undefined {
    const arrival = this.#next();
    if (arrival === undefined) return undefined;
    const message = arrival.error === undefined ? this.#decode(arrival) : quotedError(arrival, this.family);
    if (message === undefined) return "irrelevant";
    const { hopLimit, receivedAt } = arrival;
    return { message, source: arrival.error?.from ?? arrival.address, hopLimit, receivedAt };
  }

  close(): void {
    this.#system.calls.close(this.#descriptor);
  }

  /** An error that waits makes the next call fail, once; then the error is in a queue of its own. */
  #next(): RawArrival | undefined {
    const { inbox } = this.#system;
    for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
      if (this.#hasErrors) {
        const error = inbox.receive(this.#descriptor, "errors");
        if (typeof error === "object") return error;
        this.#hasErrors = false;
      }
      const message = inbox.receive(this.#descriptor, "messages");
      if (message === "nothing") return undefined;
      if (message !== "error") return message;
      this.#hasErrors = true;
    }
    return undefined;
  }

  #decode({ data }: RawArrival): IcmpMessage | undefined {
    const message = this.#method === "raw" && this.family === 4 ? ipv4Payload(data) : data;
    return message && decodeIcmp(message, this.family);
  }
}

/** An error that the system kept apart, with the request that it is about. */
function quotedError({ data, address, error }: RawArrival, family: 4 | 6): IcmpMessage | undefined {
  const meaning = error && icmpErrorOf(family, error);
  const mark = decodeQuotedRequest(data, family);
  return meaning && mark && { kind: "error", error: meaning, destination: address, ...mark };
}
