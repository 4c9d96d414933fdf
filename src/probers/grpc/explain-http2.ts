import { constants } from "node:http2";
import { http2CodeIn, http2CodeName, isHttp2Complaint } from "../../network/http2-code.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";

/** What was seen of an HTTP/2 connection before it failed. */
export interface SeenOfHttp2 {
  /** The code of the server's GOAWAY frame, if it sent one. */
  goAway: number | undefined;
}

/**
 * The failure of a call that ended without a whole answer, by this code where the stream or the connection was reset.
 * A server that gives up on us sends the code in GOAWAY as well; without one, it is we who gave up on it.
 */
export function endedEarly(code: number, { goAway }: SeenOfHttp2): ProbeFailure {
  if (goAway === undefined && isHttp2Complaint(code)) return unsound(http2CodeName(code));
  const reason = code === constants.NGHTTP2_NO_ERROR ? goAway : code;
  const why = reason === undefined ? "" : ` (${http2CodeName(reason)})`;
  return new ProbeFailure("exchange/closed", { detail: `The server ended the call without an answer${why}` });
}

/** Node's HTTP/2 errors as failures (RFC 9113 §7); any other error as it is, for the classification of system errors. */
export function explainHttp2(error: unknown, seen: SeenOfHttp2): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (!(error instanceof Error) || !code.startsWith("ERR_HTTP2_")) return error;
  if (REQUEST_ERRORS.has(code)) {
    // The library's message may repeat a value, which may be a secret.
    const detail = `The module's metadata describes a call that HTTP/2 cannot send (${code})`;
    return new ProbeFailure("request/parameter-missing", { detail, cause: error });
  }
  return code === "ERR_HTTP2_ERROR"
    ? unsound(error.message)
    : endedEarly(http2CodeIn(error.message) ?? constants.NGHTTP2_NO_ERROR, seen);
}

const REQUEST_ERRORS: ReadonlySet<string> = new Set([
  "ERR_HTTP2_HEADER_SINGLE_VALUE",
  "ERR_HTTP2_INVALID_CONNECTION_HEADERS",
  "ERR_HTTP2_INVALID_HEADER_VALUE",
]);

function unsound(reason: string): ProbeFailure {
  return new ProbeFailure("exchange/malformed", { detail: `The answer is not sound HTTP/2 (${reason})` });
}
