import type { IcmpMessage } from "./icmp-packet.ts";

/** What came in at a socket. Its views hold until the socket is asked for the next. */
export interface Arrival {
  readonly message: IcmpMessage;
  /** The address of who sent it: of an error, perhaps a router's. 4 or 16 bytes. */
  readonly source: Uint8Array;
  /** TTL or hop limit with which it arrived; undefined where the socket does not tell. */
  readonly hopLimit: number | undefined;
  /** Unix seconds at which the system took it in, by the clock of `now`; undefined where the socket does not tell. */
  readonly receivedAt: number | undefined;
}

/** A socket over which echo requests of many probes go out and their replies come in. It is asked, and never calls. */
export interface EchoSocket {
  readonly family: 4 | 6;
  /** What our requests bear; undefined where the system chooses it and passes on only replies that bear it. */
  readonly identifier: number | undefined;
  /** Unix seconds. */
  now(): number;
  /** An address as replies bear it, 4 or 16 bytes, and in the form that `send` wants. */
  destination(ip: string): { readonly address: Uint8Array; readonly wire: Uint8Array };
  /** Throws the system's error. */
  send(packet: Uint8Array, wire: Uint8Array): void;
  /** The next message in the order of arrival; undefined where nothing is left. Never throws. */
  receive(): Arrival | "irrelevant" | undefined;
  close(): void;
}
