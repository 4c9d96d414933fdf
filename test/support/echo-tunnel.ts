import { randomInt } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { addressBytes } from "../../src/network/address-bytes.ts";
import type { IcmpClient } from "../../src/network/icmp.ts";
import { createChannelPool } from "../../src/network/icmp-channel-pool.ts";
import { decodeIcmp } from "../../src/network/icmp-packet.ts";
import { startSocketRun } from "../../src/network/icmp-run.ts";
import type { Arrival, EchoSocket } from "../../src/network/icmp-socket.ts";

/** Bytes before the ICMP message in a datagram from an echo host: the address that sent it, and its hop limit. */
export const TUNNEL_HEADER_BYTES = 5;

/**
 * Echo requests as the exporter sends them, but carried in UDP datagrams over the loopback to hosts of ours, for the
 * kernel answers every real one, always, and may forbid them. All but the system's socket is the exporter's own.
 */
export function createTunnelClient(): IcmpClient {
  const pool = createChannelPool(() => new TunnelSocket());
  return {
    method: () => Promise.resolve("raw"),
    start: async (plan, { signal }) => {
      const { channel, release } = pool.take(plan);
      return startSocketRun(plan, { channel, signal, release });
    },
  };
}

/** The address of the echo host that listens on a UDP port: 127.0.0.0/8 has room for the port's two bytes. */
export function tunnelAddress(port: number): string {
  return `127.${port >> 8}.${port & 0xff}.1`;
}

class TunnelSocket implements EchoSocket {
  readonly family = 4;
  readonly identifier = randomInt(0x10000);
  readonly #socket: Socket = createSocket("udp4").unref();
  readonly #datagrams: { readonly bytes: Buffer; readonly receivedAt: number }[] = [];

  constructor() {
    this.#socket.on("message", (bytes) => this.#datagrams.push({ bytes, receivedAt: this.now() }));
  }

  now(): number {
    return performance.now() / 1000;
  }

  destination(ip: string): { readonly address: Uint8Array; readonly wire: Uint8Array } {
    const address = addressBytes(ip);
    return { address, wire: address };
  }

  send(packet: Uint8Array, [, high = 0, low = 0]: Uint8Array): void {
    this.#socket.send(Buffer.from(packet), (high << 8) | low, "127.0.0.1");
  }

  receive(): Arrival | "irrelevant" | undefined {
    const datagram = this.#datagrams.shift();
    if (datagram === undefined) return undefined;
    const { bytes, receivedAt } = datagram;
    const message = decodeIcmp(bytes.subarray(TUNNEL_HEADER_BYTES), 4);
    if (message === undefined) return "irrelevant";
    return { message, source: bytes.subarray(0, 4), hopLimit: bytes[4], receivedAt };
  }

  close(): void {
    this.#socket.close();
  }
}
