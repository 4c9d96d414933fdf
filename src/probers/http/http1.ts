import type { Socket } from "node:net";
import { type buildConnector, Client, type Dispatcher } from "undici";
import { explainHttp1 } from "./explain-http1.ts";
import { type ExchangeOptions, type Flow, LARGEST_HEADER_BYTES, type RequestMessage } from "./message.ts";
import { StatusLineObserver } from "./status-line-observer.ts";

/** One request and its response over HTTP/1.0 or 1.1; the connection is closed afterwards. */
export function exchangeOverHttp1(socket: Socket, message: RequestMessage & ExchangeOptions): Promise<void> {
  const observer = new StatusLineObserver();
  observe(socket, { observer, started: () => message.receiver.started() });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const client = new Client(ORIGIN, { ...OPTIONS, connect: handOver(socket) });
  let reset: Error | undefined;
  let ended = false;

  function end(error?: unknown): void {
    if (ended) return;
    ended = true;
    message.signal.removeEventListener("abort", onAbort);
    socket.destroy();
    client.destroy(ignoreEnd);
    if (error === undefined) resolve();
    else reject(explainHttp1(error, observer));
  }

  function onAbort(): void {
    end(message.signal.reason);
  }

  // The library takes a reset after the head for the end of a body without length; it is none.
  socket.on("error", (error) => {
    reset ??= error;
  });
  if (message.signal.aborted) {
    onAbort();
    return promise;
  }
  message.signal.addEventListener("abort", onAbort, { once: true });
  client.dispatch(
    {
      method: message.method,
      path: message.path,
      headers: ["host", message.authority, ...message.headers],
      body: message.body === undefined ? null : message.body,
      ...(message.upgrade === undefined ? {} : { upgrade: message.upgrade }),
    },
    handlerOf(message, { observer, end, resetOf: () => reset }),
  );
  return promise;
}

interface Exchange {
  readonly observer: StatusLineObserver;
  readonly end: (error?: unknown) => void;
  readonly resetOf: () => Error | undefined;
}

function handlerOf({ receiver }: ExchangeOptions, { observer, end, resetOf }: Exchange): Dispatcher.DispatchHandler {
  return {
    onRequestStart() {},
    onRequestUpgrade(_controller, status, headers) {
      receiver.head({ status, reason: "", version: observer.version, headers }, NO_FLOW);
      end();
    },
    onResponseStart(controller, status, headers, reason = "") {
      const flow: Flow = { pause: () => controller.pause(), resume: () => controller.resume(), stop: () => end() };
      receiver.head({ status, reason, version: observer.version, headers }, flow);
    },
    onResponseData(_controller, chunk) {
      receiver.chunk(chunk);
    },
    onResponseEnd() {
      end(resetOf());
    },
    onResponseError(_controller, error) {
      end(resetOf() ?? error);
    },
  };
}

/** The request's own Host header says where it goes; the library merely insists on an origin. */
const ORIGIN = new URL("http://status-exporter.invalid");

/** No time limits, for the probe has its own; no reuse, so every probe sees a fresh connection. */
const OPTIONS = {
  pipelining: 0,
  headersTimeout: 0,
  bodyTimeout: 0,
  maxHeaderSize: LARGEST_HEADER_BYTES,
  allowH2: false,
} as const;

/** After an upgrade there is no body to slow down. */
const NO_FLOW: Flow = { pause: ignoreEnd, resume: ignoreEnd, stop: ignoreEnd };

function ignoreEnd(): void {
  // The exchange has ended already; there is nothing left to do.
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
    callback(null, socket);
  };
}

/** The library's parser takes its input by `socket.read`, so this is where its bytes can be seen before it. */
function observe(
  socket: Socket,
  { observer, started }: { readonly observer: StatusLineObserver; readonly started: () => void },
): void {
  const read = socket.read.bind(socket);
  socket.read = (size?: number): unknown => {
    for (;;) {
      const chunk: unknown = read(size);
      if (!Buffer.isBuffer(chunk)) return chunk;
      if (!observer.started) started();
      try {
        const accepted = observer.accept(chunk);
        if (accepted !== undefined) return accepted;
      } catch (error) {
        socket.destroy(error instanceof Error ? error : undefined);
        return null;
      }
    }
  };
}
