import type { ErrorFacts, Recognised } from "./classify-fault.ts";

/** What an error of Node's streams, HTTP/2 and decompression, or of undici means. */
export function recogniseLibrary(facts: ErrorFacts): Recognised | undefined {
  return BY_NAME.get(facts.name) ?? ofUndiciSocket(facts) ?? BY_CODE.get(facts.code) ?? ofPrefix(facts);
}

const ABORTED: Recognised = { fault: "aborted", sentence: "The work was given up before it ended" };
const CLOSED: Recognised = { fault: "closed", sentence: "The other side closed the connection" };

const BY_NAME: ReadonlyMap<string, Recognised> = new Map<string, Recognised>([
  ["AbortError", ABORTED],
  ["TimeoutError", ABORTED],
  // undici's, which leaves the code out
  ["HTTPParserError", { fault: "malformed", sentence: "The answer is not HTTP" }],
]);

/** undici has one code for a connection that broke and for an answer that it did not ask for. */
function ofUndiciSocket({ code, message }: ErrorFacts): Recognised | undefined {
  if (code !== "UND_ERR_SOCKET" || !message.startsWith("bad ")) return undefined;
  return { fault: "malformed", sentence: "The answer is out of place in HTTP" };
}

const BY_CODE: ReadonlyMap<string, Recognised> = new Map<string, Recognised>([
  ["ABORT_ERR", ABORTED],
  ["UND_ERR_ABORT", ABORTED],
  ["UND_ERR_ABORTED", ABORTED],
  ["UND_ERR_CONNECT_TIMEOUT", { fault: "timed-out", sentence: "The connection was not made in time" }],
  ["UND_ERR_HEADERS_TIMEOUT", { fault: "timed-out", sentence: "The headers did not arrive in time" }],
  ["UND_ERR_BODY_TIMEOUT", { fault: "timed-out", sentence: "The body did not arrive in time" }],
  ["UND_ERR_SOCKET", CLOSED],
  ["ERR_STREAM_PREMATURE_CLOSE", CLOSED],
  ["ERR_STREAM_DESTROYED", CLOSED],
  ["ERR_SOCKET_CLOSED", CLOSED],
  ["ERR_SOCKET_CLOSED_BEFORE_CONNECTION", CLOSED],
  ["UND_ERR_HEADERS_OVERFLOW", { fault: "malformed", sentence: "The headers are too large" }],
  ["UND_ERR_RES_CONTENT_LENGTH_MISMATCH", { fault: "malformed", sentence: "The body is not as long as announced" }],
  ["UND_ERR_RES_EXCEEDED_MAX_SIZE", { fault: "too-large", sentence: "The body is larger than allowed" }],
  ["ERR_HTTP2_GOAWAY_SESSION", CLOSED],
  ["ERR_HTTP2_INVALID_SESSION", CLOSED],
  ["ERR_HTTP2_INVALID_STREAM", CLOSED],
  ["ERR_HTTP2_STREAM_CANCEL", CLOSED],
  ["ERR_HTTP2_SESSION_ERROR", { fault: "malformed", sentence: "The HTTP/2 connection ended with an error" }],
  ["ERR_HTTP2_STREAM_ERROR", { fault: "malformed", sentence: "The HTTP/2 stream ended with an error" }],
  ["ERR_HTTP2_ERROR", { fault: "malformed", sentence: "The answer is not HTTP/2" }],
  ["Z_BUF_ERROR", { fault: "malformed", sentence: "The compressed body ends too early" }],
]);

/** Families of codes: llhttp's, zlib's, brotli's (`ERR__ERROR_FORMAT_…`) and Zstandard's. */
const PREFIXES: readonly (readonly [string, Recognised])[] = [
  ["HPE_", { fault: "malformed", sentence: "The answer is not HTTP" }],
  ["Z_", { fault: "malformed", sentence: "The body is not compressed as announced" }],
  ["ERR__ERROR_", { fault: "malformed", sentence: "The body is not compressed as announced" }],
  ["ERR_BROTLI_", { fault: "malformed", sentence: "The body is not compressed as announced" }],
  ["ZSTD_error_", { fault: "malformed", sentence: "The body is not compressed as announced" }],
];

function ofPrefix({ code }: ErrorFacts): Recognised | undefined {
  return PREFIXES.find(([prefix]) => code.startsWith(prefix))?.[1];
}
