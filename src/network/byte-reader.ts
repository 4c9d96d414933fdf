import type { Duplex } from "node:stream";
import { type Deadline, startDeadline } from "./deadline.ts";

/**
 * Reads a stream piece by piece, only when asked, and keeps what nobody has taken yet. Dispose it to hand the stream
 * on: it takes nothing more from it, and listens to it no more. Errors are emitted to the stream's own listeners as well.
 */
export class ByteReader implements Disposable {
  readonly #stream: Duplex;
  #store = Buffer.alloc(0);
  #start = 0;
  #end = 0;
  #ended = false;
  #closed = false;
  #wake: (() => void) | undefined;

  constructor(stream: Duplex) {
    this.#stream = stream;
    this.#ended = stream.readableEnded;
    this.#closed = stream.destroyed;
    stream.on("readable", this.#notice);
    stream.on("end", this.#onEnd);
    stream.on("close", this.#onClose);
    stream.on("error", this.#onClose);
  }

  /** What has come and was not taken, valid until the next call. */
  get held(): Buffer {
    return this.#store.subarray(this.#start, this.#end);
  }

  /** How much waits to be read or taken. */
  get pending(): number {
    return this.held.length + this.#stream.readableLength;
  }

  /** Waits until more has come; false where the peer has said all. Rejects with the stream's error. */
  async more(): Promise<boolean> {
    return (await this.#next(undefined)) === "more";
  }

  /** The same for so many seconds at most: `nothing` where the peer has neither said more nor ended by then. */
  async moreWithin(seconds: number): Promise<"more" | "end" | "nothing"> {
    using patience = startDeadline({ seconds });
    patience.signal.addEventListener("abort", this.#notice, { once: true });
    return await this.#next(patience);
  }

  async #next(patience: Deadline | undefined): Promise<"more" | "end" | "nothing"> {
    for (;;) {
      const chunk: unknown = this.#stream.read();
      if (chunk instanceof Uint8Array && chunk.length > 0) {
        this.#keep(chunk);
        return "more";
      }
      if (this.#ended) return "end";
      if (this.#stream.errored) throw this.#stream.errored;
      if (this.#closed) throw closedByUs();
      if (patience?.expired === true) return "nothing";
      await this.#news();
    }
  }

  /** Takes so many of the bytes held. */
  take(count: number): Buffer {
    const taken = Buffer.from(this.held.subarray(0, count));
    this.#start += taken.length;
    return taken;
  }

  [Symbol.dispose](): void {
    this.#stream.off("readable", this.#notice);
    this.#stream.off("end", this.#onEnd);
    this.#stream.off("close", this.#onClose);
    this.#stream.off("error", this.#onClose);
    this.#notice();
  }

  /** Doubles the room where it is full, so that a peer that sends byte by byte causes no copy for each. */
  #keep(chunk: Uint8Array): void {
    const length = this.#end - this.#start;
    if (this.#end + chunk.length > this.#store.length) {
      const store = Buffer.allocUnsafe(Math.max(2 * length, length + chunk.length, LEAST_ROOM));
      this.#store.copy(store, 0, this.#start, this.#end);
      this.#store = store;
      this.#start = 0;
      this.#end = length;
    }
    this.#store.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  #news(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  readonly #notice = (): void => {
    this.#wake?.();
    this.#wake = undefined;
  };

  readonly #onEnd = (): void => {
    this.#ended = true;
    this.#notice();
  };

  readonly #onClose = (): void => {
    this.#closed = true;
    this.#notice();
  };
}

/** Most answers fit. */
const LEAST_ROOM = 4096;

/** What Node calls a stream that was closed before its end. */
function closedByUs(): Error {
  return Object.assign(new Error("The connection was closed before the peer had ended it"), {
    code: "ERR_STREAM_PREMATURE_CLOSE",
  });
}
