import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { startDeadline } from "./deadline.ts";
import { checkedSourceAddress } from "./source-address.ts";

export interface DatagramDestination {
  readonly ip: string;
  readonly family: 4 | 6;
  readonly port: number;
  /** One of this host's addresses, of the same family. */
  readonly sourceAddress?: string | undefined;
}

/**
 * A datagram socket connected to one peer: the system passes on only what comes from there, and tells when the peer's
 * port is closed. Its methods reject with the system's error, or with the signal's reason after an abort.
 */
export interface DatagramChannel extends AsyncDisposable {
  send(datagram: Uint8Array): Promise<void>;
  /** The next datagram in the order of arrival; one asker at a time. */
  receive(): Promise<Uint8Array>;
  /** The same, but undefined where none has come for so many seconds. */
  receiveWithin(seconds: number): Promise<Uint8Array | undefined>;
}

/** Opens a datagram channel without sending anything; the signal closes it. */
export async function openDatagram(
  destination: DatagramDestination,
  { signal }: { readonly signal: AbortSignal },
): Promise<DatagramChannel> {
  signal.throwIfAborted();
  const channel = new ConnectedSocket(destination.family, signal);
  try {
    await channel.connect(destination);
    return channel;
  } catch (error) {
    await channel[Symbol.asyncDispose]();
    throw error;
  }
}

/** What comes while nobody asks is kept, up to about what the system itself would keep; a flood is cut off there. */
const MOST_WAITING = 64;

class ConnectedSocket implements DatagramChannel {
  readonly #socket: Socket;
  readonly #signal: AbortSignal;
  readonly #waiting: Uint8Array[] = [];
  readonly #closed: Promise<unknown>;
  #isClosing = false;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(family: 4 | 6, signal: AbortSignal) {
    this.#socket = createSocket(family === 4 ? "udp4" : "udp6");
    this.#signal = signal;
    this.#closed = new Promise((resolve) => this.#socket.once("close", resolve));
    this.#socket.on("message", (datagram) => this.#onMessage(datagram));
    this.#socket.on("error", (error) => this.#onError(error));
    signal.addEventListener("abort", this.#close, { once: true });
  }

  async connect({ ip, port, sourceAddress }: DatagramDestination): Promise<void> {
    if (sourceAddress !== undefined) {
      const address = checkedSourceAddress(sourceAddress, ip);
      this.#socket.bind({ address, port: 0, exclusive: true });
      await once(this.#socket, "listening", { signal: this.#signal });
    }
    this.#socket.connect(port, ip);
    await once(this.#socket, "connect", { signal: this.#signal });
  }

  async send(datagram: Uint8Array): Promise<void> {
    this.#signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      this.#socket.send(datagram, (error) => (error === null ? resolve() : reject(error)));
    });
  }

  async receive(): Promise<Uint8Array> {
    for (;;) {
      const datagram = this.#arrived();
      if (datagram !== undefined) return datagram;
      await this.#news();
    }
  }

  async receiveWithin(seconds: number): Promise<Uint8Array | undefined> {
    using patience = startDeadline({ seconds });
    patience.signal.addEventListener("abort", this.#notice, { once: true });
    for (;;) {
      const datagram = this.#arrived();
      if (datagram !== undefined || patience.expired) return datagram;
      await this.#news();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#signal.removeEventListener("abort", this.#close);
    this.#close();
    await this.#closed;
  }

  readonly #close = (): void => {
    if (!this.#isClosing) this.#socket.close();
    this.#isClosing = true;
    this.#notice();
  };

  #arrived(): Uint8Array | undefined {
    const datagram = this.#waiting.shift();
    if (datagram !== undefined) return datagram;
    this.#signal.throwIfAborted();
    if (this.#failure !== undefined) throw this.#failure;
    return undefined;
  }

  #news(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #onMessage(datagram: Uint8Array): void {
    if (this.#waiting.length < MOST_WAITING) this.#waiting.push(datagram);
    this.#notice();
  }

  #onError(error: Error): void {
    this.#failure ??= error;
    this.#notice();
  }

  readonly #notice = (): void => {
    this.#wake?.();
    this.#wake = undefined;
  };
}
