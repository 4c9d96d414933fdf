import { constants } from "node:http2";

/** The name of an HTTP/2 error code, as RFC 9113 §7 has it; `code 99` where it has none. */
export function http2CodeName(code: number): string {
  return NAMES.find(([, value]) => value === code)?.[0] ?? `code ${code}`;
}

/** The code that Node names in the message of an error: `Stream closed with error code NGHTTP2_CANCEL`. */
export function http2CodeIn(message: string): number | undefined {
  const found = /error code (?:NGHTTP2_)?(\w+)/u.exec(message)?.[1] ?? "";
  return /^\d+$/u.test(found) ? Number(found) : NAMES.find(([name]) => name === found)?.[1];
}

/** Whether a side that gives this code gives up on what the other one sent. */
export function isHttp2Complaint(code: number): boolean {
  return COMPLAINTS.has(code);
}

const NAMES: readonly (readonly [string, number])[] = [
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

const COMPLAINTS: ReadonlySet<number> = new Set([
  constants.NGHTTP2_PROTOCOL_ERROR,
  constants.NGHTTP2_FLOW_CONTROL_ERROR,
  constants.NGHTTP2_FRAME_SIZE_ERROR,
  constants.NGHTTP2_COMPRESSION_ERROR,
  constants.NGHTTP2_ENHANCE_YOUR_CALM,
]);
