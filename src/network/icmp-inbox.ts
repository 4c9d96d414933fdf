import type { NoMessage, SystemCalls } from "./icmp-system-calls.ts";

/** What the system hands over with one message. Its views hold until the next one is received. */
export interface RawArrival {
  readonly data: Uint8Array;
  /** The address of the sender; where `error` is set, that to which our request had been sent. */
  readonly address: Uint8Array;
  readonly hopLimit: number | undefined;
  /** Unix seconds at which the system took the message in. */
  readonly receivedAt: number | undefined;
  /** An ICMP error, of which `data` is the request that it quotes. */
  readonly error: { readonly type: number; readonly code: number; readonly from: Uint8Array } | undefined;
}

/** The buffers into which a thread's ICMP sockets receive, one message at a time, and how to read them. */
export interface Inbox {
  /** The next message, or with `errors` the next of the ICMP errors that the system keeps apart. */
  receive(descriptor: number, queue: "messages" | "errors"): RawArrival | NoMessage;
  /** Unix seconds, by the clock by which the system stamps what arrives. */
  now(): number;
}

/** linux/socket.h */
const MSG_ERRQUEUE = 0x2000;

/** Where each part is within the one buffer, in bytes; multiples of 8, as pointers and control messages must be. */
const HEADER = 0;
const VECTOR = 64;
const TIME = 96;
const NAME = 128;
const CONTROL = 256;
const DATA = 1024;
const NAME_BYTES = 28; // sockaddr_in6, the larger
const CONTROL_BYTES = 512; // four control messages, the largest of them 64 bytes
const DATA_BYTES = 65_536; // the largest IP packet

/** Allocates the buffers; the addresses in them are written once, for they never move. */
export function createInbox(calls: SystemCalls): Inbox {
  const memory = new ArrayBuffer(DATA + DATA_BYTES);
  const view = new DataView(memory);
  const header = new Uint8Array(memory, HEADER, 56);
  const time = new Uint8Array(memory, TIME, 16);
  const data = new Uint8Array(memory, DATA, DATA_BYTES);
  layOut(view, calls.addressOf(memory));
  return {
    receive(descriptor, queue) {
      view.setUint32(HEADER + 8, NAME_BYTES, true);
      view.setUint32(HEADER + 40, CONTROL_BYTES, true);
      const length = calls.receive(descriptor, { header, flags: queue === "errors" ? MSG_ERRQUEUE : 0 });
      return typeof length === "number" ? readArrival(view, data.subarray(0, length)) : length;
    },
    now() {
      calls.realTime(time);
      return readTime(view, TIME);
    },
  };
}

/**
 * `struct msghdr` on 64 bits: name, its length, vector, its length, control messages, their length, flags. glibc and
 * musl differ in the width of the lengths only, and there in bytes that are 0.
 */
function layOut(view: DataView, start: bigint): void {
  view.setBigUint64(HEADER, start + BigInt(NAME), true);
  view.setBigUint64(HEADER + 16, start + BigInt(VECTOR), true);
  view.setBigUint64(HEADER + 24, 1n, true);
  view.setBigUint64(HEADER + 32, start + BigInt(CONTROL), true);
  view.setBigUint64(VECTOR, start + BigInt(DATA), true);
  view.setBigUint64(VECTOR + 8, BigInt(DATA_BYTES), true);
}

function readArrival(view: DataView, data: Uint8Array): RawArrival {
  const controls = readControls(view, Math.min(CONTROL_BYTES, view.getUint32(HEADER + 40, true)));
  const { hopLimit, receivedAt, error } = controls;
  return { data, address: readAddress(view, NAME), hopLimit, receivedAt, error };
}

/** Levels and types of control messages: asm-generic/socket.h, linux/in.h, linux/in6.h. */
const SOL_SOCKET = 1;
const SCM_TIMESTAMPNS = 35;
const SOL_IP = 0;
const IP_TTL = 2;
const IP_RECVERR = 11;
const SOL_IPV6 = 41;
const IPV6_RECVERR = 25;
const IPV6_HOPLIMIT = 52;

type Controls = Pick<RawArrival, "hopLimit" | "receivedAt" | "error">;

/** Each control message: its length with the header of 16 bytes, level, type, data; the next begins 8-aligned. */
function readControls(view: DataView, bytes: number): Controls {
  let [hopLimit, receivedAt, error]: [Controls["hopLimit"], Controls["receivedAt"], Controls["error"]] = [
    undefined,
    undefined,
    undefined,
  ];
  for (let at = CONTROL; at + 16 <= CONTROL + bytes; ) {
    const length = view.getUint32(at, true);
    const level = view.getInt32(at + 8, true);
    const type = view.getInt32(at + 12, true);
    if (length < 16) break;
    if (level === SOL_SOCKET && type === SCM_TIMESTAMPNS) receivedAt = readTime(view, at + 16);
    else if (level === SOL_IP && type === IP_TTL) hopLimit = view.getInt32(at + 16, true);
    else if (level === SOL_IPV6 && type === IPV6_HOPLIMIT) hopLimit = view.getInt32(at + 16, true);
    else if (level === SOL_IP && type === IP_RECVERR) error = readError(view, at + 16);
    else if (level === SOL_IPV6 && type === IPV6_RECVERR) error = readError(view, at + 16);
    at += Math.ceil(length / 8) * 8;
  }
  return { hopLimit, receivedAt, error };
}

/** linux/errqueue.h: an error that came as an ICMP or ICMPv6 message, rather than from this host. */
const ORIGINS_ICMP: ReadonlySet<number> = new Set([2, 3]);

/** `struct sock_extended_err` of 16 bytes, followed by the address of who sent the error. */
function readError(view: DataView, at: number): Controls["error"] {
  if (!ORIGINS_ICMP.has(view.getUint8(at + 4))) return undefined;
  return { type: view.getUint8(at + 5), code: view.getUint8(at + 6), from: readAddress(view, at + 16) };
}

/** linux/socket.h */
const AF_INET = 2;
const AF_INET6 = 10;

/** The address within a `sockaddr_in` or `sockaddr_in6`; nothing where it is neither. */
function readAddress(view: DataView, at: number): Uint8Array {
  const family = view.getUint16(at, true);
  if (family === AF_INET) return new Uint8Array(view.buffer, at + 4, 4);
  return new Uint8Array(view.buffer, at + 8, family === AF_INET6 ? 16 : 0);
}

/** `struct timespec` of two 64-bit numbers; the seconds need 53 bits at most. */
function readTime(view: DataView, at: number): number {
  const seconds = view.getUint32(at, true) + view.getInt32(at + 4, true) * 2 ** 32;
  return seconds + view.getUint32(at + 8, true) / 1e9;
}
