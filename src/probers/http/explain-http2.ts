import { constants } from "node:http2";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { printable } from "../../probe/printable.ts";

/** What was seen of an HTTP/2 connection before it failed. */
export class SeenOfHttp2 {
  head = false;
  informational = 0;
  #goAway: number | undefined;

  /** The server's GOAWAY frame says why it will end the connection. */
  noteGoAway(code: number): void {
    this.#goAway ??= code;
  }

  /** The name of the code with which the server ended the connection, if it gave one. */
  get goAway(): string | undefined {
    return this.#goAway === undefined ? undefined : nameOf(this.#goAway);
  }

  /** The failure of a stream that was closed, by this code where the server reset it, without the rest of a response. */
  closed(code: number | undefined): ProbeFailure {
    const when = this.head ? "before the response was complete" : "without a response";
    const reason = code === undefined || code === constants.NGHTTP2_NO_ERROR ? this.goAway : nameOf(code);
    const why = reason === undefined ? "" : ` (${reason})`;
    return new ProbeFailure("exchange/closed", { detail: `The server ended the HTTP/2 stream ${when}${why}` });
  }
}

/** Node's HTTP/2 errors as failures (RFC 9113 §7); any other error as it is, for the classification of system errors. */
export function explainHttp2(error: unknown, seen: SeenOfHttp2): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (error instanceof Error && REQUEST_ERRORS.has(code)) {
    const detail = `The module describes a request that HTTP/2 cannot send: ${printable(error.message)}`;
    return new ProbeFailure("request/parameter-missing", { detail, cause: error });
  }
  if (!(error instanceof Error) || !code.startsWith("ERR_HTTP2_")) return error;
  const reason = streamError(error.message) ?? seen.goAway;
  if (code === "ERR_HTTP2_ERROR" || OUR_REFUSALS.has(reason ?? "")) {
    const detail = `The response is not sound HTTP/2 (${reason ?? printable(error.message)})`;
    return new ProbeFailure("exchange/malformed", { detail, cause: error });
  }
  const when = seen.head ? "before the response was complete" : "without a response";
  const why = reason === undefined ? "" : ` (${reason})`;
  return new ProbeFailure("exchange/closed", {
    detail: `The server ended the HTTP/2 stream ${when}${why}`,
    cause: error,
  });
}

const REQUEST_ERRORS: ReadonlySet<string> = new Set([
  "ERR_INVALID_CHAR",
  "ERR_INVALID_HTTP_TOKEN",
  "ERR_HTTP2_INVALID_CONNECTION_HEADERS",
  "ERR_HTTP2_INVALID_HEADER_VALUE",
  "ERR_HTTP2_HEADER_SINGLE_VALUE",
  "ERR_HTTP2_PSEUDOHEADER_NOT_ALLOWED",
]);

/** Codes with which our side gives up on what the server sent. */
const OUR_REFUSALS: ReadonlySet<string> = new Set([
  "PROTOCOL_ERROR",
  "FRAME_SIZE_ERROR",
  "FLOW_CONTROL_ERROR",
  "COMPRESSION_ERROR",
  "ENHANCE_YOUR_CALM",
]);

/** Node puts the code's name into its message: `Stream closed with error code NGHTTP2_CANCEL`. */
function streamError(message: string): string | undefined {
  const found = /error code (?:NGHTTP2_)?(\w+)/u.exec(message)?.[1];
  return found !== undefined && /^\d+$/u.test(found) ? nameOf(Number(found)) : found;
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
