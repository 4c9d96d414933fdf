import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
  type OutgoingHttpHeaders,
} from "node:http2";
import type { Socket } from "node:net";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { endedEarly, explainHttp2, type SeenOfHttp2 } from "./explain-http2.ts";

/** One request of a unary call, already framed. */
export interface Call {
  readonly headers: OutgoingHttpHeaders;
  readonly body: Uint8Array;
  readonly signal: AbortSignal;
}

/** The whole answer to a unary call, before anybody has judged it. */
export interface Answer {
  readonly httpStatus: number;
  readonly headers: IncomingHttpHeaders;
  /** The headers once more where nothing but headers came ("Trailers-Only"). */
  readonly trailers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * Makes a unary call over HTTP/2 on a connected socket, which is closed afterwards. Rejects with the signal's reason,
 * the socket's error or a `ProbeFailure` where no whole answer comes.
 */
export async function call(socket: Socket, { headers, body, signal }: Call): Promise<Answer> {
  signal.throwIfAborted();
  const seen: SeenOfHttp2 = { goAway: undefined };
  const end = Promise.withResolvers<Answer>();
  const onAbort = (): void => end.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  // What comes after the end, or in place of the session's own error, is of no interest to the other listeners.
  socket.on("error", end.reject);
  const session = connect(ORIGIN, { ...OPTIONS, createConnection: () => socket });
  try {
    session.on("error", end.reject);
    session.on("goaway", (code: number) => (seen.goAway ??= code));
    session.on("close", () => end.reject(endedEarly(constants.NGHTTP2_NO_ERROR, seen)));
    request(session, { headers, body, seen, ...end });
    return await end.promise;
  } catch (error) {
    throw signal.aborted ? signal.reason : explainHttp2(error, seen);
  } finally {
    signal.removeEventListener("abort", onAbort);
    session.destroy();
    socket.destroy();
  }
}

/** The call's own `:authority` says where it goes; the library merely insists on an origin. */
const ORIGIN = "https://status-exporter.invalid";

/** No health check has headers of more than this, nor more than a hundred of them. */
const LARGEST_HEADERS_BYTES = 64 * 1024;
const MOST_HEADERS = 100;

/** Nothing is pushed. */
const OPTIONS = {
  settings: { enablePush: false, maxHeaderListSize: LARGEST_HEADERS_BYTES },
  maxHeaderListPairs: MOST_HEADERS,
  maxReservedRemoteStreams: 0,
};

/** A health answer takes seven bytes; whoever sends this much sends something else, or has no end. */
const LARGEST_BODY_BYTES = 64 * 1024;

/** A unary call has none; one or the other may come from something in between. */
const MOST_INFORMATIONAL_RESPONSES = 10;

interface Exchange extends Pick<Call, "headers" | "body"> {
  readonly seen: SeenOfHttp2;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

type ResponseHeaders = IncomingHttpHeaders & IncomingHttpStatusHeader;

function request(session: ClientHttp2Session, { headers, body, seen, resolve, reject }: Exchange): void {
  const stream = session.request(headers);
  const chunks: Buffer[] = [];
  let response: ResponseHeaders | undefined;
  let trailers: IncomingHttpHeaders | undefined;
  let received = 0;
  let informational = 0;
  let ended = false;
  stream.on("headers", () => {
    informational += 1;
    if (informational > MOST_INFORMATIONAL_RESPONSES) reject(tooMuch("informational responses"));
  });
  stream.on("response", (head: ResponseHeaders) => (response = head));
  stream.on("trailers", (given: IncomingHttpHeaders) => (trailers = given));
  stream.on("data", (chunk: Buffer) => {
    received += chunk.length;
    if (received > LARGEST_BODY_BYTES) reject(tooMuch("data"));
    else chunks.push(chunk);
  });
  stream.on("end", () => (ended = true));
  stream.on("error", reject);
  // A reset ends the data as well, so only the stream's close tells whether the answer is complete.
  stream.on("close", () => {
    if (response === undefined || !ended || stream.rstCode !== constants.NGHTTP2_NO_ERROR) {
      reject(endedEarly(codeOf(stream, session), seen));
      return;
    }
    resolve({
      httpStatus: response[":status"] ?? 0,
      headers: response,
      trailers: trailers ?? response,
      body: Buffer.concat(chunks),
    });
  });
  stream.end(body);
}

/** Where the connection is gone, the library cancels the stream itself: that is nothing that the server said. */
function codeOf({ rstCode }: ClientHttp2Stream, { destroyed }: ClientHttp2Session): number {
  const isOurs = destroyed && rstCode === constants.NGHTTP2_CANCEL;
  return isOurs ? constants.NGHTTP2_NO_ERROR : (rstCode ?? constants.NGHTTP2_NO_ERROR);
}

function tooMuch(what: string): ProbeFailure {
  return new ProbeFailure("exchange/malformed", { detail: `The server sent more ${what} than a health check has` });
}
