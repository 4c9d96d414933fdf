import type { WebSocket } from "ws";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { printable } from "../../probe/printable.ts";

/** One message, whole. */
export interface Message {
  readonly kind: "text" | "binary";
  readonly bytes: Buffer;
}

/** Clients close with it when all is well (RFC 6455 §7.4.1). */
const NORMAL_CLOSURE = 1000;

/** While the connection closes, messages that were on their way may still come; more than these are a flood. */
const MOST_LATE_MESSAGES = 100;

/** So many pings may wait to be answered (the library's `maxPendingAutoPongs`); at the next one it hangs up. */
const MOST_PENDING_PONGS = 60;

/**
 * An open WebSocket from which messages are taken one by one. It keeps no more of them than `most`, for nobody will
 * take the others. `show` makes text of what the server says that is fit for a detail.
 */
export class Connection {
  readonly #websocket: WebSocket;
  readonly #most: number;
  readonly #show: (text: string) => string;
  readonly #inbox: Message[] = [];
  readonly #closed = Promise.withResolvers<void>();
  #received = 0;
  #late = 0;
  #pings = 0;
  #closing = false;
  #end: ProbeFailure | undefined;
  #wake: (() => void) | undefined;

  /** Listens from now on, so that what comes right after the upgrade is not missed. */
  constructor(websocket: WebSocket, options: { readonly most: number; readonly show: (text: string) => string }) {
    this.#websocket = websocket;
    this.#most = options.most;
    this.#show = options.show;
    websocket.on("message", (data, isBinary) => this.#onMessage(data, isBinary));
    websocket.on("ping", () => this.#onPing());
    websocket.on("error", (error) => this.#finish(violation(error)));
    websocket.on("close", (code, reason) => {
      this.#finish(this.#closure(code, reason.toString()));
      this.#closed.resolve();
    });
  }

  /** The next message. Throws ProbeFailure `exchange/closed` or `exchange/malformed` where none will come. */
  async receive(): Promise<Message> {
    for (;;) {
      const message = this.#inbox.shift();
      if (message !== undefined) return message;
      if (this.#end !== undefined) throw this.#end;
      const news = Promise.withResolvers<void>();
      this.#wake = news.resolve;
      await news.promise;
    }
  }

  /** Sends text, or bytes as a binary message. Throws ProbeFailure `exchange/send-failed`, or why the connection ended. */
  async send(content: string | Uint8Array): Promise<void> {
    if (this.#websocket.readyState !== this.#websocket.OPEN) await this.#learnWhyClosed();
    const sent = Promise.withResolvers<void>();
    this.#websocket.send(content, (error) => (error ? sent.reject(error) : sent.resolve()));
    try {
      await sent.promise;
    } catch (error) {
      if (this.#end !== undefined) throw this.#end;
      const reason = error instanceof Error ? error.message : String(error);
      throw new ProbeFailure("exchange/send-failed", { detail: `Cannot send: ${reason}`, cause: error });
    }
  }

  /** Says goodbye and waits for the server to do so, until the signal aborts; then the socket is closed all the same. */
  async close(signal: AbortSignal): Promise<void> {
    this.#closing = true;
    this.#websocket.close(NORMAL_CLOSURE);
    const onAbort = (): void => this.#closed.resolve();
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    await this.#closed.promise;
    signal.removeEventListener("abort", onAbort);
    this.#websocket.terminate();
  }

  /** The library tells only when the connection is gone, for which a server may take its time. */
  async #learnWhyClosed(): Promise<never> {
    this.#websocket.terminate();
    await this.#closed.promise;
    throw this.#end ?? new TypeError("A WebSocket was closed without an event");
  }

  #onMessage(data: unknown, isBinary: boolean): void {
    if (this.#closing) {
      this.#late += 1;
      if (this.#late > MOST_LATE_MESSAGES) this.#websocket.terminate();
    }
    if (this.#received >= this.#most || !Buffer.isBuffer(data)) return;
    this.#received += 1;
    this.#inbox.push({ kind: isBinary ? "binary" : "text", bytes: data });
    this.#notice();
  }

  /** The library gives up on a server that pings without reading the answers, and does not say so. */
  #onPing(): void {
    this.#pings += 1;
    const isOpen = this.#websocket.readyState === this.#websocket.OPEN;
    if (isOpen || this.#closing || this.#pings <= MOST_PENDING_PONGS) return;
    const detail = "The server sends pings faster than it takes the answers to them";
    this.#finish(new ProbeFailure("exchange/malformed", { detail }));
  }

  #finish(failure: ProbeFailure): void {
    this.#end ??= failure;
    this.#notice();
  }

  #notice(): void {
    this.#wake?.();
    this.#wake = undefined;
  }

  /** 1005 and 1006 are never sent: they stand for a close without a code, and for none (RFC 6455 §7.4.1). */
  #closure(code: number, reason: string): ProbeFailure {
    const remark = reason === "" ? "" : `: ${JSON.stringify(printable(this.#show(reason)))}`;
    const how =
      code === 1006
        ? "broke the connection off"
        : code === 1005
          ? "closed the WebSocket"
          : `closed the WebSocket with the code ${code}${remark}`;
    return new ProbeFailure("exchange/closed", { detail: `The server ${how}` });
  }
}

/** The library finds what is wrong with a frame; its messages are of its own words alone. */
function violation(error: Error): ProbeFailure {
  const detail = `The server does not keep to the protocol: ${error.message}`;
  return new ProbeFailure("exchange/malformed", { detail, cause: error });
}
