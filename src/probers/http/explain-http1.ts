import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { printable } from "../../probe/printable.ts";
import { errors } from "./http1-client.ts";
import { LARGEST_HEADER_BYTES } from "./message.ts";

/** What was seen of the response before it failed. */
export interface Seen {
  readonly started: boolean;
  /** The first bytes, printable. */
  readonly excerpt: string;
  /** Whether the request was still on its way. */
  readonly sending: boolean;
  /** Whether the server has closed its side. */
  readonly ended: boolean;
}

/** The client library's errors as failures; any other error as it is, for the classification of system errors. */
export function explainHttp1(error: unknown, seen: Seen): unknown {
  if (error instanceof ProbeFailure) return error;
  if (seen.sending && !seen.started) {
    const detail = "The connection broke while the request was being sent";
    return new ProbeFailure("exchange/send-failed", { detail, cause: error });
  }
  if (error instanceof errors.HeadersOverflowError) {
    const detail = `The response's header is larger than ${LARGEST_HEADER_BYTES} bytes`;
    return new ProbeFailure("exchange/malformed", { detail, cause: error });
  }
  if (error instanceof errors.ResponseContentLengthMismatchError && !seen.ended) {
    const detail = "The response's Content-Length headers contradict each other or the body";
    return new ProbeFailure("exchange/malformed", { detail, cause: error });
  }
  if (isEarlyEnd(error)) {
    const when = seen.started ? "before the response was complete" : "without a response";
    return new ProbeFailure("exchange/closed", { detail: `The server closed the connection ${when}`, cause: error });
  }
  if (error instanceof errors.HTTPParserError) {
    const detail = `The response is not HTTP (${reasonOf(error)}); it starts with ${JSON.stringify(seen.excerpt)}`;
    return new ProbeFailure("exchange/malformed", { detail, cause: error });
  }
  if (error instanceof errors.SocketError) {
    const detail = `The response cannot be used (${error.message}); it starts with ${JSON.stringify(seen.excerpt)}`;
    return new ProbeFailure("exchange/malformed", { detail, cause: error });
  }
  if (error instanceof errors.InvalidArgumentError || error instanceof errors.NotSupportedError) {
    const detail = `The module describes a request that cannot be sent: ${error.message}`;
    return new ProbeFailure("request/parameter-missing", { detail, cause: error });
  }
  return error;
}

/** The connection ended where the response did not: at once, within a header, a chunk or a body of known length. */
function isEarlyEnd(error: unknown): boolean {
  if (error instanceof errors.ResponseContentLengthMismatchError) return true;
  if (error instanceof errors.HTTPParserError) return error.message.includes("Invalid EOF state");
  return error instanceof errors.SocketError && EARLY_ENDS.has(error.message);
}

const EARLY_ENDS: ReadonlySet<string> = new Set(["other side closed", "closed", "destroyed"]);

function reasonOf(error: Error): string {
  const reason = /\(([^)]*)\)/u.exec(error.message)?.[1] ?? "";
  return printable(reason === "" ? error.message : reason);
}
