import { constants } from "node:http2";
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
  if (goAway === undefined && OUR_REFUSALS.has(code)) return unsound(nameOf(code));
  const reason = code === constants.NGHTTP2_NO_ERROR ? goAway : code;
  const why = reason === undefined ? "" : ` (${nameOf(reason)})`;
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
  return code === "ERR_HTTP2_ERROR" ? unsound(error.message) : endedEarly(codeIn(error.message), seen);
}

const REQUEST_ERRORS: ReadonlySet<string> = new Set([
  "ERR_HTTP2_HEADER_SINGLE_VALUE",
  "ERR_HTTP2_INVALID_CONNECTION_HEADERS",
  "ERR_HTTP2_INVALID_HEADER_VALUE",
]);

/** Codes with which our side gives up on what the server sent. */
const OUR_REFUSALS: ReadonlySet<number> = new Set([
  constants.NGHTTP2_PROTOCOL_ERROR,
  constants.NGHTTP2_FLOW_CONTROL_ERROR,
  constants.NGHTTP2_FRAME_SIZE_ERROR,
  constants.NGHTTP2_COMPRESSION_ERROR,
  constants.NGHTTP2_ENHANCE_YOUR_CALM,
]);

function unsound(reason: string): ProbeFailure {
  return new ProbeFailure("exchange/malformed", { detail: `The answer is not sound HTTP/2 (${reason})` });
}

/** Node names the code in its message: `Stream closed with error code NGHTTP2_CANCEL`. */
function codeIn(message: string): number {
  const found = /error code (?<code>\w+)/u.exec(message)?.groups?.["code"] ?? "";
  const number = /^\d+$/u.test(found) ? Number(found) : CODES.find(([name]) => found === `NGHTTP2_${name}`)?.[1];
  return number ?? constants.NGHTTP2_NO_ERROR;
}

function nameOf(code: number): string {
  return CODES.find(([, value]) => value === code)?.[0] ?? `code ${code}`;
}

const CODES: readonly (readonly [string, number])[] = [
  ["NO_ERROR", constants.NGHTTP2_NO_ERROR],
  ["PROTOCOL_ERROR", constants.NGHTTP2_PROTOCOL_ERROR],
  ["INTERNAL_ERROR", constants.NGHTTP2_INTERNAL_ERROR],
  ["FLOW_CONTROL_ERROR", constants.NGHTTP2_FLOW_CONTROL_ERROR],
  ["SETTINGS_TIMEOUT", constants.NGHTTP2_SETTINGS_TIMEOUT],
  ["STREAM_CLOSED", constants.NGHTTP2_STREAM_CLOSED],
  ["FRAME_SIZE_ERROR", constants.NGHTTP2_FRAME_SIZE_ERROR],
  ["REFUSED_STREAM", constants.NGHTTP2_REFUSED_STREAM],
  ["CANCEL", constants.NGHTTP2_CANCEL],
  ["COMPRESSION_ERROR", constants.NGHTTP2_COMPRESSION_ERROR],
  ["CONNECT_ERROR", constants.NGHTTP2_CONNECT_ERROR],
  ["ENHANCE_YOUR_CALM", constants.NGHTTP2_ENHANCE_YOUR_CALM],
  ["INADEQUATE_SECURITY", constants.NGHTTP2_INADEQUATE_SECURITY],
  ["HTTP_1_1_REQUIRED", constants.NGHTTP2_HTTP_1_1_REQUIRED],
];
