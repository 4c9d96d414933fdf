import type { Socket } from "node:net";
import type { buildConnector, Dispatcher } from "undici";
import { explainHttp1 } from "./explain-http1.ts";
import { Client, errors } from "./http1-client.ts";
import {
  type ExchangeOptions,
  type Flow,
  LARGEST_HEADER_BYTES,
  type Receiver,
  type RequestMessage,
} from "./message.ts";
import { ObservedSocket } from "./observed-socket.ts";

/** One request and its response over HTTP/1.0 or 1.1; the connection is closed afterwards. */
export function exchangeOverHttp1(socket: Socket, message: RequestMessage & ExchangeOptions): Promise<void> {
  const { receiver, signal } = message;
  return new Promise((resolve, reject) => {
    const observed = new ObservedSocket(socket, receiver);
    const client = new Client(ORIGIN, { ...OPTIONS, connect: handOver(socket) });
    let ended = false;

    function end(error?: unknown): void {
      if (ended) return;
      ended = true;
      signal.removeEventListener("abort", onAbort);
      socket.destroy(ENDED);
      client.destroy(ENDED, ignore);
      if (error === undefined) resolve();
      else reject(signal.aborted ? signal.reason : explainHttp1(error, observed));
    }

    function onAbort(): void {
      end(signal.reason);
    }

    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener("abort", onAbort, { once: true });
    client.dispatch(dispatched(message), handlerOf(receiver, { observed, end }));
  });
}

/** The request's own Host header says where it goes; the library merely insists on an origin. */
const ORIGIN = new URL("http://status-exporter.invalid");

/** Given to the library, which would otherwise make an error with a stack for each end of a connection, at some cost. */
const ENDED = new errors.InformationalError("The exchange has ended");

/** No time limits, for the probe has its own; no reuse, so every probe sees a fresh connection. */
const OPTIONS = {
  pipelining: 0,
  headersTimeout: 0,
  bodyTimeout: 0,
  maxHeaderSize: LARGEST_HEADER_BYTES,
  allowH2: false,
} as const;

function dispatched(message: RequestMessage): Dispatcher.DispatchOptions {
  return {
    method: message.method,
    path: message.path,
    headers: ["host", message.authority, ...message.headers],
    body: message.body ?? null,
    ...(message.upgrade === undefined ? {} : { upgrade: message.upgrade }),
  };
}

function handlerOf(
  receiver: Receiver,
  { observed, end }: { readonly observed: ObservedSocket; readonly end: (error?: unknown) => void },
): Dispatcher.DispatchHandler {
  return {
    onRequestStart: ignore,
    onRequestSent: () => observed.noteSending(),
    onRequestUpgrade(_controller, status, headers) {
      receiver.head({ status, reason: "", version: observed.version, headers }, NO_FLOW);
      end();
    },
    onResponseStart(controller, status, headers, reason = "") {
      const flow: Flow = { pause: () => controller.pause(), resume: () => controller.resume(), stop: () => end() };
      receiver.head({ status, reason, version: observed.version, headers }, flow);
    },
    onResponseData(_controller, chunk) {
      receiver.chunk(chunk);
    },
    onResponseEnd() {
      spareNextStack();
      // The library takes a reset within a body of unknown length for its end; it is none.
      end(observed.error);
    },
    onResponseError(_controller, error) {
      end(observed.error ?? error);
    },
  };
}

/**
 * The library follows the end of a response with an error that it keeps to itself, whose stack would cost a probe 5 % of
 * its time. Stacks are back before anything else runs: what is queued first among the microtasks runs first.
 */
function spareNextStack(): void {
  queueMicrotask(() => {
    Error.stackTraceLimit = STACK_TRACE_LIMIT;
  });
  Error.stackTraceLimit = 0;
}

const { stackTraceLimit: STACK_TRACE_LIMIT } = Error;

/** After an upgrade there is no body to slow down. */
const NO_FLOW: Flow = { pause: ignore, resume: ignore, stop: ignore };

function ignore(): void {
  // Nothing depends on it.
}

/** Gives the client our socket once; where it asks again, to retry, the exchange is over. */
function handOver(socket: Socket): buildConnector.connector {
  let given = false;
  return (_options, callback) => {
    if (given) {
      callback(new Error("The connection is closed"), null);
      return;
    }
    given = true;
    // The library looks for work after its connector has returned, so it must not be called back within it.
    queueMicrotask(() => callback(null, socket));
  };
}
