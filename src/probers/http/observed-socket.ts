import type { Socket } from "node:net";
import type { Receiver } from "./message.ts";
import { StatusLineObserver } from "./status-line-observer.ts";

/** A socket whose bytes are seen before the client library's parser takes them, which it does by `socket.read`. */
export class ObservedSocket {
  /** The first error of the socket. */
  error: Error | undefined;
  /** Whether the request did not fit into the socket's buffer and is still on its way. */
  sending = false;
  readonly #socket: Socket;
  readonly #observer = new StatusLineObserver();

  constructor(socket: Socket, receiver: Pick<Receiver, "started">) {
    this.#socket = socket;
    socket.on("error", (error) => {
      this.error ??= error;
    });
    const read = socket.read.bind(socket);
    socket.read = (size?: number): unknown => {
      for (;;) {
        const chunk: unknown = read(size);
        if (!Buffer.isBuffer(chunk)) return chunk;
        if (!this.started) receiver.started();
        try {
          const accepted = this.#observer.accept(chunk);
          if (accepted !== undefined) return accepted;
        } catch (error) {
          socket.destroy(error instanceof Error ? error : undefined);
          return null;
        }
      }
    };
  }

  /** The request has been handed to the socket. */
  noteSending(): void {
    if (!this.#socket.writableNeedDrain) return;
    this.sending = true;
    this.#socket.once("drain", () => {
      this.sending = false;
    });
  }

  /** As in the status line, e.g. `HTTP/1.1`; empty until it is known. */
  get version(): string {
    return this.#observer.version;
  }

  /** Whether any byte of the response has come. */
  get started(): boolean {
    return this.#observer.excerpt !== "";
  }

  /** Whether the server has closed its side. */
  get ended(): boolean {
    return this.#socket.readableEnded;
  }

  /** The first bytes of the response, printable. */
  get excerpt(): string {
    return this.#observer.excerpt;
  }
}
