import { constants } from "node:http2";
import { http2CodeIn, http2CodeName, isHttp2Complaint } from "../../network/http2-code.ts";
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

  /** The code with which the server ended the connection, if it gave one. */
  get goAway(): number | undefined {
    return this.#goAway;
  }

  /** The failure of a stream that was closed, by this code where the server reset it, without the rest of a response. */
  closed(code: number | undefined): ProbeFailure {
    const when = this.head ? "before the response was complete" : "without a response";
    const reason = code === constants.NGHTTP2_NO_ERROR ? this.goAway : (code ?? this.goAway);
    const why = reason === undefined ? "" : ` (${http2CodeName(reason)})`;
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
  const reason = http2CodeIn(error.message) ?? seen.goAway;
  const why = reason === undefined ? "" : ` (${http2CodeName(reason)})`;
  if (code === "ERR_HTTP2_ERROR" || (reason !== undefined && isHttp2Complaint(reason))) {
    const detail = `The response is not sound HTTP/2${why || ` (${printable(error.message)})`}`;
    return new ProbeFailure("exchange/malformed", { detail, cause: error });
  }
  const when = seen.head ? "before the response was complete" : "without a response";
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
