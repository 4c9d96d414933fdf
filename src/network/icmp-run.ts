import { sleep, startAlarm } from "./deadline.ts";
import type { EchoPlan, EchoRefusal, EchoReply, EchoRun, EchoTally } from "./icmp.ts";
import type { Awaiting, EchoChannel } from "./icmp-channel.ts";
import { ECHO_HEADER_BYTES } from "./icmp-packet.ts";
import type { Arrival } from "./icmp-socket.ts";

export interface SocketRunOptions {
  readonly channel: EchoChannel;
  readonly signal: AbortSignal;
  /** Called once, when nothing more will be sent or received. */
  readonly release: () => void;
}

/** Sends the first request of a plan over a shared socket. Throws the system's error, and releases the socket then. */
export function startSocketRun(plan: EchoPlan, options: SocketRunOptions): EchoRun {
  const run = new SocketRun(plan, options);
  run.sendFirst();
  return run;
}

interface Packet {
  /** By the monotonic clock. */
  readonly sentMilliseconds: number;
  /** Unix seconds, by the clock by which the system stamps what arrives. */
  readonly sentAt: number;
  reply: EchoReply | undefined;
  refused: boolean;
}

class SocketRun implements EchoRun, Awaiting {
  readonly peer: Uint8Array;
  readonly #plan: EchoPlan;
  readonly #options: SocketRunOptions;
  readonly #destination: Uint8Array;
  readonly #request: Uint8Array;
  /** The requests on their way, by sequence number. */
  readonly #numbers = new Map<number, number>();
  readonly #packets: Packet[] = [];
  #unanswered = 0;
  #duplicates = 0;
  #malformed = 0;
  #refusal: EchoRefusal | undefined;
  #onSettled: (() => void) | undefined;

  constructor(plan: EchoPlan, options: SocketRunOptions) {
    this.#plan = plan;
    this.#options = options;
    const destination = options.channel.socket.destination(plan.ip);
    this.peer = destination.address;
    this.#destination = destination.wire;
    this.#request = makeRequest(plan.payloadBytes, options.channel);
  }

  sendFirst(): void {
    try {
      this.#send();
    } catch (error) {
      if (isTooBig(error)) return this.#giveUp(TOO_BIG);
      this.#options.release();
      throw error;
    }
  }

  async finished(): Promise<EchoTally> {
    try {
      await this.#sendRest();
      await this.#settledWithin(this.#plan.packetTimeoutSeconds);
      return this.#tally();
    } finally {
      for (const sequence of this.#numbers.keys()) this.#options.channel.forget(sequence);
      this.#options.release();
    }
  }

  take(arrival: Arrival, sequence: number): void {
    const number = this.#numbers.get(sequence);
    const packet = number === undefined ? undefined : this.#packets[number];
    if (number === undefined || packet === undefined) return;
    if (arrival.message.kind === "error") this.#takeError(arrival, packet);
    else this.#takeReply(arrival, { number, packet });
    if (this.#isSettled()) this.#onSettled?.();
  }

  /** Throws the system's error, as if nothing had been sent. */
  #send(): void {
    const { channel } = this.#options;
    const number = this.#packets.length;
    const packet = {
      sentMilliseconds: performance.now(),
      sentAt: channel.socket.now(),
      reply: undefined,
      refused: false,
    };
    this.#packets.push(packet);
    this.#unanswered += 1;
    try {
      const sequence = channel.send(this.#request, { destination: this.#destination, awaiting: this });
      this.#numbers.set(sequence, number);
    } catch (error) {
      this.#packets.pop();
      this.#unanswered -= 1;
      throw error;
    }
  }

  /** At the times planned from the first on, so that delays do not add up. */
  async #sendRest(): Promise<void> {
    const { packets, intervalSeconds } = this.#plan;
    const startedMilliseconds = this.#packets[0]?.sentMilliseconds ?? performance.now();
    for (let number = 1; number < packets; number += 1) {
      const passedSeconds = (performance.now() - startedMilliseconds) / 1000;
      await sleep(Math.max(0, number * intervalSeconds - passedSeconds), this.#options.signal);
      this.#sendAnother();
    }
  }

  /** A route that is lost on the way counts like a packet that is lost on the way. */
  #sendAnother(): void {
    try {
      this.#send();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#giveUp(isTooBig(error) ? TOO_BIG : { kind: "unsent", detail: `this host could not send: ${reason}` });
    }
  }

  #giveUp(refusal: EchoRefusal): void {
    this.#refusal = refusal;
    this.#packets.push({ sentMilliseconds: performance.now(), sentAt: 0, reply: undefined, refused: true });
  }

  #isSettled(): boolean {
    return this.#unanswered === 0 && this.#packets.length >= this.#plan.packets;
  }

  async #settledWithin(seconds: number): Promise<void> {
    const { signal, channel } = this.#options;
    if (this.#isSettled()) return;
    await this.#settledOr(seconds);
    signal.throwIfAborted();
    // A busy event loop may learn that time is up before it learns what came in meanwhile.
    if (!this.#isSettled()) channel.receive();
  }

  #settledOr(seconds: number): Promise<void> {
    const { signal } = this.#options;
    return new Promise((resolve) => {
      const end = (): void => {
        alarm[Symbol.dispose]();
        signal.removeEventListener("abort", end);
        this.#onSettled = undefined;
        resolve();
      };
      const alarm = startAlarm({ seconds, onTime: end, purpose: "work" });
      this.#onSettled = end;
      signal.addEventListener("abort", end);
      if (signal.aborted) end();
    });
  }

  #takeReply(
    { message, hopLimit, receivedAt }: Arrival,
    { number, packet }: { readonly number: number; readonly packet: Packet },
  ): void {
    if (Buffer.compare(message.payload, this.#payload()) !== 0) {
      this.#malformed += 1;
      return;
    }
    if (packet.reply !== undefined) {
      this.#duplicates += 1;
      return;
    }
    const roundTripSeconds = roundTrip(packet, receivedAt);
    if (roundTripSeconds > this.#plan.packetTimeoutSeconds) return;
    packet.reply = { packet: number, roundTripSeconds, hopLimit };
    if (!packet.refused) this.#unanswered -= 1;
  }

  /** Whoever quotes a request must quote ours, as far as the quotation goes. */
  #takeError({ message, source }: Arrival, packet: Packet): void {
    const { payload } = message;
    if (message.kind !== "error" || packet.refused || packet.reply !== undefined) return;
    const ours = this.#payload().subarray(0, payload.length);
    if (Buffer.compare(payload.subarray(0, ours.length), ours) !== 0) return;
    const { kind, reason } = message.error;
    this.#refusal = { kind, detail: `${presentAddress(source)} says: ${reason}` };
    packet.refused = true;
    this.#unanswered -= 1;
  }

  #payload(): Uint8Array {
    return this.#request.subarray(ECHO_HEADER_BYTES);
  }

  #tally(): EchoTally {
    return {
      sent: this.#packets.length,
      replies: this.#packets.flatMap(({ reply }) => (reply === undefined ? [] : [reply])),
      duplicates: this.#duplicates,
      malformed: this.#malformed,
      refusal: this.#refusal,
    };
  }
}

const TOO_BIG: EchoRefusal = { kind: "too-big", detail: "this host says: the packet is too big for its link" };

/** A packet that must not be fragmented does not fit the first link: it is lost there, as it might be at any other. */
function isTooBig(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EMSGSIZE";
}

/** Room for the header, random bytes, and a pattern in which a fault of a link shows. */
function makeRequest(payloadBytes: number, channel: EchoChannel): Uint8Array {
  const request = new Uint8Array(ECHO_HEADER_BYTES + payloadBytes);
  const token = channel.nextToken().subarray(0, payloadBytes);
  request.set(token, ECHO_HEADER_BYTES);
  for (let index = token.length; index < payloadBytes; index += 1) request[ECHO_HEADER_BYTES + index] = index & 0xff;
  return request;
}

/**
 * By the system's stamp, which a busy event loop does not delay, where it can be right: not before the request was sent
 * and not after now. A clock that was set in between is found out that way.
 */
function roundTrip({ sentMilliseconds, sentAt }: Packet, receivedAt: number | undefined): number {
  const elapsedSeconds = (performance.now() - sentMilliseconds) / 1000;
  const stampedSeconds = receivedAt === undefined ? Number.NaN : receivedAt - sentAt;
  return stampedSeconds >= 0 && stampedSeconds <= elapsedSeconds ? stampedSeconds : elapsedSeconds;
}

function presentAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  const groups = Array.from({ length: bytes.length / 2 }, (_, index) =>
    (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16),
  );
  return groups.length === 0 ? "a host on the way" : groups.join(":").replace(/(?:^|:)0(?::0)+(?::|$)/u, "::");
}
