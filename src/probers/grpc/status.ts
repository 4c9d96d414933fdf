/** How a call ended, as the server says it. */
export interface GrpcStatus {
  readonly code: number;
  /** E.g. `UNAVAILABLE`, or `code 42` where the number is no known one. */
  readonly name: string;
  /** What the server adds for a person; empty where it adds nothing. */
  readonly message: string;
}

/** The status in `grpc-status` and `grpc-message`; undefined where the first is no number. */
export function readStatus(code: string, message: string): GrpcStatus | undefined {
  if (!/^\d{1,9}$/u.test(code)) return undefined;
  const number = Number(code);
  return { code: number, name: STATUS_NAMES[number] ?? `code ${number}`, message: percentDecode(message) };
}

/** https://grpc.github.io/grpc/core/md_doc_statuscodes.html, each at the place of its number. */
const STATUS_NAMES = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
] as const;

/** Bytes of UTF-8 as `%XX`; a stray `%` stands for itself, as the protocol asks of whoever reads it. */
function percentDecode(text: string): string {
  const latin1 = text.replace(/%([0-9a-f]{2})/giu, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(latin1, "latin1").toString();
}
