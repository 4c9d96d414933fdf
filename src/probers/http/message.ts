import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";

/** A connected socket on which HTTP can be spoken, and what was agreed for it. */
export interface Channel {
  readonly socket: Socket | TLSSocket;
  readonly protocol: "http/1.1" | "h2";
}

/** One request as it goes out. */
export interface RequestMessage {
  readonly method: string;
  readonly scheme: "http" | "https";
  /** The Host header, or `:authority`. */
  readonly authority: string;
  /** The request target: a path, or an absolute URL for a proxy. */
  readonly path: string;
  /** Name and value by turns; no Host, no Connection. */
  readonly headers: readonly string[];
  readonly body: Uint8Array | undefined;
  /** The protocol to switch to (`Upgrade`), which HTTP/2 has not. */
  readonly upgrade: string | undefined;
}

/** Names in lower case; a header that came several times has all its values. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface ResponseHead {
  readonly status: number;
  readonly reason: string;
  /** As in a status line, e.g. `HTTP/1.1`. */
  readonly version: string;
  readonly headers: ResponseHeaders;
}

/** Lets the receiver of a response slow it down or end it. */
export interface Flow {
  pause(): void;
  resume(): void;
  /** Nothing more is wanted: the exchange ends here, as a success. */
  stop(): void;
}

/** Takes a response as it comes in; nothing here waits. */
export interface Receiver {
  /** The first byte of the response, informational ones included, is here. */
  started(): void;
  head(head: ResponseHead, flow: Flow): void;
  chunk(bytes: Buffer): void;
}

export interface ExchangeOptions {
  readonly receiver: Receiver;
  readonly signal: AbortSignal;
}

/**
 * A header section of any use has a few kilobytes and most servers refuse to send more than 64; 256 KiB lets every
 * real one through and still costs nothing.
 */
export const LARGEST_HEADER_BYTES = 256 * 1024;

/** Informational responses (1xx) before the final one; a server sends one or two, more is a way to stall. */
export const MOST_INFORMATIONAL_RESPONSES = 16;
