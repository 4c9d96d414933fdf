import {
  type ClientHttp2Session,
  connect,
  constants,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
  type OutgoingHttpHeaders,
} from "node:http2";
import type { Socket } from "node:net";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { explainHttp2, SeenOfHttp2 } from "./explain-http2.ts";
import {
  type ExchangeOptions,
  type Flow,
  LARGEST_HEADER_BYTES,
  MOST_INFORMATIONAL_RESPONSES,
  type RequestMessage,
} from "./message.ts";

/**
 * One request and its response over HTTP/2; the connection is closed afterwards. Node's own client rather than
 * undici's: that one sends a refused request again and keeps timers of its own, while a probe reports what happened.
 */
export function exchangeOverHttp2(socket: Socket, message: RequestMessage & ExchangeOptions): Promise<void> {
  const { signal } = message;
  return new Promise((resolve, reject) => {
    const session = connect(ORIGIN, { ...OPTIONS, createConnection: () => socket });
    const seen = new SeenOfHttp2();
    let ended = false;

    function end(error?: unknown): void {
      if (ended) return;
      ended = true;
      signal.removeEventListener("abort", onAbort);
      session.destroy();
      socket.destroy();
      if (error === undefined) resolve();
      else reject(signal.aborted ? signal.reason : explainHttp2(error, seen));
    }

    function onAbort(): void {
      end(signal.reason);
    }

    socket.on("error", end);
    session.on("error", end);
    session.on("goaway", (code: number) => seen.noteGoAway(code));
    session.on("close", () => end(seen.closed(undefined)));
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      converse(session, message, { seen, end });
    } catch (error) {
      // A header that cannot be sent is refused at once; the session is ours to end all the same.
      end(error);
    }
  });
}

/** Nothing of a stream matters after `end`, which destroys it: its later events find the exchange ended. */
function converse(
  session: ClientHttp2Session,
  message: RequestMessage & ExchangeOptions,
  { seen, end }: { readonly seen: SeenOfHttp2; readonly end: (error?: unknown) => void },
): void {
  const { receiver } = message;
  const stream = session.request(headersOf(message), { endStream: message.body === undefined });
  const flow: Flow = { pause: () => stream.pause(), resume: () => stream.resume(), stop: () => end() };
  stream.on("headers", () => {
    receiver.started();
    seen.informational += 1;
    if (seen.informational > MOST_INFORMATIONAL_RESPONSES) end(tooManyInformational());
  });
  stream.on("response", (headers: IncomingHttpHeaders & IncomingHttpStatusHeader) => {
    seen.head = true;
    receiver.started();
    receiver.head({ status: headers[":status"] ?? 0, reason: "", version: "HTTP/2.0", headers: plain(headers) }, flow);
  });
  stream.on("data", (chunk: Buffer) => receiver.chunk(chunk));
  stream.on("error", end);
  // A reset ends the stream's data as well, so only its close tells whether the response was complete.
  stream.on("close", () => {
    const complete = seen.head && stream.rstCode === constants.NGHTTP2_NO_ERROR;
    end(complete ? undefined : seen.closed(stream.rstCode));
  });
  if (message.body !== undefined) stream.end(message.body);
}

/** The request's own `:authority` says where it goes; the library merely insists on an origin. */
const ORIGIN = "https://status-exporter.invalid";

/** Nothing is pushed; headers are bounded as those of HTTP/1 are, their number by what a header section can hold. */
const OPTIONS = {
  settings: { enablePush: false, maxHeaderListSize: LARGEST_HEADER_BYTES },
  maxHeaderListPairs: 4096,
  maxReservedRemoteStreams: 0,
};

function headersOf(message: RequestMessage): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {
    ":method": message.method,
    ":scheme": message.scheme,
    ":authority": message.authority,
    ":path": message.path,
  };
  for (let index = 0; index + 1 < message.headers.length; index += 2) {
    const name = (message.headers[index] ?? "").toLowerCase();
    const value = message.headers[index + 1] ?? "";
    const before = headers[name];
    headers[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [String(before)]), value];
  }
  return headers;
}

/** Without the pseudo-headers. */
function plain(headers: IncomingHttpHeaders): Record<string, string | string[] | undefined> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(":")));
}

function tooManyInformational(): ProbeFailure {
  const detail = `The server sent more than ${MOST_INFORMATIONAL_RESPONSES} informational responses`;
  return new ProbeFailure("exchange/malformed", { detail });
}
