import { internetChecksum } from "../../src/network/icmp-packet.ts";
import { startDatagramServer } from "../faults/servers/datagram-server.ts";
import type { FaultServer } from "../faults/servers/fault-server.ts";
import { TUNNEL_HEADER_BYTES, tunnelAddress } from "./echo-tunnel.ts";

/** What comes back for an echo request. */
export interface EchoAnswer {
  /** A whole ICMP message. */
  readonly message: Uint8Array;
  /** Who sends it, if not the host itself: four bytes. */
  readonly source?: Uint8Array;
  /** With which hop limit it arrives; 64 if absent. */
  readonly hopLimit?: number;
  readonly afterMilliseconds?: number;
}

/** The answers to a request, which is the host's `number`th, from 0. */
export type OnEcho = (request: Buffer, number: number) => readonly EchoAnswer[];

/** A host at an address of its own, to be reached through the tunnel, that does what it is told with echo requests. */
export async function startEchoHost(onEcho: OnEcho): Promise<FaultServer> {
  let requests = 0;
  const delayed = new Set<NodeJS.Timeout>();
  const server = await startDatagramServer((request, reply) => {
    const own = ownAddress(server);
    for (const { message, source = own, hopLimit = 64, afterMilliseconds } of onEcho(request, requests)) {
      const datagram = Buffer.concat([source, Buffer.of(hopLimit), message], TUNNEL_HEADER_BYTES + message.length);
      if (afterMilliseconds === undefined) reply(datagram);
      else delayed.add(setTimeout(() => reply(datagram), afterMilliseconds));
    }
    requests += 1;
  });
  return {
    ...server,
    host: tunnelAddress(server.port),
    [Symbol.asyncDispose]: () => {
      for (const timer of delayed) clearTimeout(timer);
      return server[Symbol.asyncDispose]();
    },
  };
}

/** The echo reply that a request asks for (RFC 792), perhaps with another payload. */
export function replyTo(request: Buffer, payload: Uint8Array = request.subarray(8)): Buffer {
  return sealed(Buffer.concat([Buffer.of(0, 0, 0, 0), request.subarray(4, 8), payload]));
}

/** An ICMP error about a request: its IP header, as it was sent to `destination`, and all of it (RFC 792). */
export function errorAbout(
  request: Buffer,
  { type, code, destination }: { readonly type: number; readonly code: number; readonly destination: Uint8Array },
): Buffer {
  const header = Buffer.alloc(20);
  header[0] = 0x45;
  header[8] = 1;
  header[9] = 1;
  header.set([127, 0, 0, 1], 12);
  header.set(destination, 16);
  return sealed(Buffer.concat([Buffer.of(type, code, 0, 0, 0, 0, 0, 0), header, request]));
}

/** The four bytes of the address at which the host is reached. */
export function ownAddress({ port }: { readonly port: number }): Uint8Array {
  return Uint8Array.of(127, port >> 8, port & 0xff, 1);
}

function sealed(message: Buffer): Buffer {
  message.writeUInt16BE(0, 2);
  message.writeUInt16BE(internetChecksum(message), 2);
  return message;
}
