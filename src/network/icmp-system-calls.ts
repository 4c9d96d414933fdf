import { endianness } from "node:os";
import { getSystemErrorName } from "node:util";

/** The system calls of Linux that an ICMP socket takes and Node has no way to make. Those that fail throw its error. */
export interface SystemCalls {
  /** A new descriptor, non-blocking and closed in child processes. */
  socket(domain: number, options: { readonly type: number; readonly protocol: number }): number;
  bind(descriptor: number, address: Uint8Array): void;
  /** Yields the system's error rather than throw it: not every option has to be had. */
  setOption(descriptor: number, option: SocketOption): Error | undefined;
  send(descriptor: number, message: { readonly packet: Uint8Array; readonly address: Uint8Array }): void;
  /** Fills in a `msghdr`; yields the length of the message, or that there is none, or that an error came instead. */
  receive(descriptor: number, message: { readonly header: Uint8Array; readonly flags: number }): number | NoMessage;
  close(descriptor: number): void;
  /** Seconds of the system's clock, written as a `timespec`. */
  realTime(timespec: Uint8Array): void;
  /** The index of a network interface; 0 where there is none of that name. */
  interfaceIndex(name: string): number;
  /** Where in memory a buffer is, as long as it lives. */
  addressOf(buffer: ArrayBuffer): bigint;
}

export type NoMessage = "nothing" | "error";

export interface SocketOption {
  readonly level: number;
  readonly name: number;
  readonly value: Uint8Array;
}

/**
 * Loads them from the C library of the process, be it glibc or musl. Throws where they cannot be had: the numbers and
 * the layouts that their callers pass are those of Linux on 64-bit little-endian processors.
 */
export async function loadSystemCalls(): Promise<SystemCalls> {
  if (!isSupported()) throw new Error(`ICMP sockets are not supported on ${process.platform} ${process.arch}`);
  // Only now: where the library has no build for the processor, importing it fails, and `ping` may still be there.
  const { default: koffi } = await import("koffi");
  const library = koffi.load(null);
  const functions = bindFunctions(library);
  const failure = (syscall: string): Error => systemError(syscall, koffi.errno());
  return {
    socket(domain, { type, protocol }) {
      const descriptor = functions.socket(domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
      if (descriptor < 0) throw failure("socket");
      return descriptor;
    },
    bind(descriptor, address) {
      if (functions.bind(descriptor, address, address.length) !== 0) throw failure("bind");
    },
    setOption(descriptor, { level, name, value }) {
      return functions.setsockopt(descriptor, level, name, value, value.length) === 0
        ? undefined
        : failure("setsockopt");
    },
    send(descriptor, { packet, address }) {
      if (functions.sendto(descriptor, packet, packet.length, 0, address, address.length) < 0) throw failure("send");
    },
    receive(descriptor, { header, flags }) {
      const length = functions.recvmsg(descriptor, header, flags);
      if (length >= 0) return length;
      return koffi.errno() === koffi.os.errno["EAGAIN"] ? "nothing" : "error";
    },
    close(descriptor) {
      if (functions.close(descriptor) !== 0) throw failure("close");
    },
    realTime(timespec) {
      if (functions.clock_gettime(CLOCK_REALTIME, timespec) !== 0) throw failure("clock_gettime");
    },
    interfaceIndex: (name) => functions.if_nametoindex(name),
    addressOf: (buffer) => koffi.address(buffer),
  };
}

/** Those for which the numbers below and elsewhere hold, and for which the library is built. */
const PROCESSORS: ReadonlySet<string> = new Set(["x64", "arm64", "riscv64", "loong64"]);

function isSupported(): boolean {
  return process.platform === "linux" && PROCESSORS.has(process.arch) && endianness() === "LE";
}

/** From asm-generic/socket.h and linux/net.h. */
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const CLOCK_REALTIME = 0;

type Koffi = typeof import("koffi")["default"];

interface Functions {
  readonly socket: (domain: number, type: number, protocol: number) => number;
  readonly bind: (descriptor: number, address: Uint8Array, length: number) => number;
  readonly setsockopt: (descriptor: number, level: number, name: number, value: Uint8Array, length: number) => number;
  readonly sendto: (
    descriptor: number,
    packet: Uint8Array,
    length: number,
    flags: number,
    address: Uint8Array,
    addressLength: number,
  ) => number;
  readonly recvmsg: (descriptor: number, header: Uint8Array, flags: number) => number;
  readonly close: (descriptor: number) => number;
  readonly clock_gettime: (clock: number, timespec: Uint8Array) => number;
  readonly if_nametoindex: (name: string) => number;
}

function bindFunctions(library: ReturnType<Koffi["load"]>): Functions {
  return {
    socket: library.func("int socket(int, int, int)"),
    bind: library.func("int bind(int, const uint8_t *, uint32_t)"),
    setsockopt: library.func("int setsockopt(int, int, int, const uint8_t *, uint32_t)"),
    sendto: library.func("intptr_t sendto(int, const uint8_t *, size_t, int, const uint8_t *, uint32_t)"),
    recvmsg: library.func("intptr_t recvmsg(int, uint8_t *, int)"),
    close: library.func("int close(int)"),
    clock_gettime: library.func("int clock_gettime(int, uint8_t *)"),
    if_nametoindex: library.func("unsigned int if_nametoindex(const char *)"),
  };
}

/** In the form of Node's own, so that it is recognised by the same names. */
function systemError(syscall: string, errno: number): Error {
  const name = errno === 0 ? "EUNKNOWN" : getSystemErrorName(-errno);
  // A full send buffer goes by two names; Node uses this one for sockets that block.
  const code = name === "EAGAIN" ? "ENOBUFS" : name;
  return Object.assign(new Error(`${syscall} ${code}`), { code, errno: -errno, syscall });
}
