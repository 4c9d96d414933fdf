import { randomBytes, randomInt } from "node:crypto";
import { startAlarm } from "./deadline.ts";
import { sealEchoRequest } from "./icmp-packet.ts";
import type { Arrival, EchoSocket } from "./icmp-socket.ts";

/** Who waits for the reply to one request. */
export interface Awaiting {
  /** The bytes of the address that was asked. */
  readonly peer: Uint8Array;
  /** Given what came from there, or concerns what was sent there, under this request's identifier and sequence. */
  take(arrival: Arrival, sequence: number): void;
}

const SEQUENCES = 0x10000;

/**
 * Reads what has come in after so many requests, even before the event loop does. A socket's buffer holds some hundred
 * small packets, and on a quick network the replies are there before the next request is sent.
 */
const MOST_SENT_UNREAD = 64;

/** A flood of replies must leave time for everything else; what is left is read in the next turn of the event loop. */
const MOST_READ_AT_ONCE = 512;

/**
 * How long what has come in may wait to be read, by how long ago the last request was sent: an eighth of that, within
 * these bounds. The round trip is not affected, for the system stamps what arrives.
 */
const SHORTEST_PAUSE_SECONDS = 0.001;
const LONGEST_PAUSE_SECONDS = 0.01;
const PAUSE_SHARE = 1 / 8;

/** So many random bytes make a reply that somebody made up, or that comes from long ago, improbable enough. */
const TOKEN_BYTES = 8;

/** Tokens are made so many at a time, for to ask the system for a few bytes takes as long as for many. */
const TOKENS_AT_ONCE = 256;

/**
 * Shares a socket between probes: gives each request a sequence number, and each reply to whoever waits for it. While
 * anybody waits, the socket is asked again and again. Node has no way to be told by a socket that it has not made, and
 * koffi's takes the whole process down where a thread is ended at the moment of the call.
 */
export class EchoChannel {
  readonly #socket: EchoSocket;
  readonly #awaiting = new Map<number, Awaiting>();
  /** Where no identifier of ours goes out, any will do. */
  readonly #identifier: number;
  #sequence = randomInt(SEQUENCES);
  #sentUnread = 0;
  #tokens: Uint8Array = new Uint8Array();
  #sentMilliseconds = 0;
  #isAskingSoon = false;
  #alarm: Disposable | undefined;

  constructor(socket: EchoSocket) {
    this.#socket = socket;
    this.#identifier = socket.identifier ?? 0;
  }

  get socket(): EchoSocket {
    return this.#socket;
  }

  /** Random bytes by which a probe knows its replies. */
  nextToken(): Uint8Array {
    if (this.#tokens.length === 0) this.#tokens = randomBytes(TOKENS_AT_ONCE * TOKEN_BYTES);
    const token = this.#tokens.subarray(0, TOKEN_BYTES);
    this.#tokens = this.#tokens.subarray(TOKEN_BYTES);
    return token;
  }

  /** Sends a request whose payload stands in the packet, and yields its sequence number. Throws the system's error. */
  send(packet: Uint8Array, options: { readonly destination: Uint8Array; readonly awaiting: Awaiting }): number {
    if (this.#sentUnread >= MOST_SENT_UNREAD) this.receive();
    const sequence = this.#freeSequence();
    sealEchoRequest(packet, { family: this.#socket.family, identifier: this.#identifier, sequence });
    this.#awaiting.set(sequence, options.awaiting);
    try {
      this.#socket.send(packet, options.destination);
    } catch (error) {
      this.#awaiting.delete(sequence);
      throw error;
    }
    this.#sentUnread += 1;
    this.#sentMilliseconds = performance.now();
    this.#askSoon();
    return sequence;
  }

  /** What still comes for this request is nobody's. */
  forget(sequence: number): void {
    this.#awaiting.delete(sequence);
  }

  /** Hands out what has come in, and tells whether there may be more. */
  receive(): "nothing" | "more" {
    this.#sentUnread = 0;
    for (let read = 0; read < MOST_READ_AT_ONCE; read += 1) {
      const arrival = this.#socket.receive();
      if (arrival === undefined) return "nothing";
      if (arrival !== "irrelevant") this.#handOut(arrival);
    }
    return "more";
  }

  close(): void {
    this.#alarm?.[Symbol.dispose]();
    this.#awaiting.clear();
    this.#socket.close();
  }

  /** In the next turn of the event loop: by then, a reply from this host or a near one is there. */
  #askSoon(): void {
    if (this.#isAskingSoon) return;
    this.#isAskingSoon = true;
    this.#alarm?.[Symbol.dispose]();
    setImmediate(() => {
      this.#isAskingSoon = false;
      this.#ask();
    });
  }

  #ask(): void {
    if (this.#awaiting.size === 0) return;
    const rest = this.receive();
    if (rest === "more") return this.#askSoon();
    if (this.#awaiting.size === 0) return;
    const sinceSent = (performance.now() - this.#sentMilliseconds) / 1000;
    const seconds = Math.min(LONGEST_PAUSE_SECONDS, Math.max(SHORTEST_PAUSE_SECONDS, sinceSent * PAUSE_SHARE));
    this.#alarm = startAlarm({ seconds, onTime: () => this.#ask(), purpose: "work" });
  }

  #handOut(arrival: Arrival): void {
    const { message, source } = arrival;
    const { identifier } = this.#socket;
    if (identifier !== undefined && message.identifier !== identifier) return;
    const awaiting = this.#awaiting.get(message.sequence);
    const from = message.kind === "reply" ? source : message.destination;
    if (awaiting === undefined || Buffer.compare(from, awaiting.peer) !== 0) return;
    awaiting.take(arrival, message.sequence);
  }

  #freeSequence(): number {
    if (this.#awaiting.size >= SEQUENCES) {
      throw Object.assign(new Error("No sequence number is free"), { code: "ENOBUFS", syscall: "send" });
    }
    do this.#sequence = (this.#sequence + 1) % SEQUENCES;
    while (this.#awaiting.has(this.#sequence));
    return this.#sequence;
  }
}
