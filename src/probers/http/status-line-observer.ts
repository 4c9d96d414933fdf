import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { printable } from "../../probe/printable.ts";
import { MOST_INFORMATIONAL_RESPONSES } from "./message.ts";

/**
 * Reads along at the start of an HTTP/1 response: its version, which the client library hides, its first bytes, for
 * a failure's detail, and its informational responses, which the library does not all accept and which are taken out.
 */
export class StatusLineObserver {
  /** As in the status line, e.g. `HTTP/1.1`; empty until it is known. */
  version = "";
  /** The first bytes, printable. */
  excerpt = "";
  #waiting: Buffer | undefined;
  #informational = 0;
  #done = false;

  /** The bytes to hand on, or undefined while there are too few to judge. Throws ProbeFailure `exchange/malformed`. */
  accept(chunk: Buffer): Buffer | undefined {
    if (this.excerpt === "") this.excerpt = printable(chunk);
    if (this.#done) return chunk;
    const data = this.#waiting === undefined ? chunk : Buffer.concat([this.#waiting, chunk]);
    this.#waiting = undefined;
    if (this.excerpt.length < SHORT_EXCERPT) this.excerpt = printable(data);
    return this.#judge(data);
  }

  #judge(data: Buffer): Buffer | undefined {
    let rest = data;
    while (rest.length >= STATUS_LINE_START) {
      const line = rest.toString("latin1", 0, STATUS_LINE_START);
      if (!STATUS_LINE.test(line)) throw this.#notHttp();
      this.version = line.slice(0, "HTTP/1.1".length);
      if (!isInformational(line)) return this.#pass(rest);
      const end = rest.indexOf("\r\n\r\n");
      if (end === -1) return this.#wait(rest);
      this.#countInformational();
      rest = rest.subarray(end + "\r\n\r\n".length);
    }
    if (rest.length === 0) return undefined;
    if (!couldStartStatusLine(rest)) throw this.#notHttp();
    return this.#wait(rest);
  }

  /** Said here because the library would let pass what merely resembles HTTP/1. */
  #notHttp(): ProbeFailure {
    const detail = `The response is not HTTP/1; it starts with ${JSON.stringify(this.excerpt)}`;
    return new ProbeFailure("exchange/malformed", { detail });
  }

  #pass(data: Buffer): Buffer {
    this.#done = true;
    return data;
  }

  #wait(data: Buffer): undefined {
    if (data.length > LARGEST_INFORMATIONAL_BYTES) {
      throw new ProbeFailure("exchange/malformed", {
        detail: `The server sent an informational response of more than ${LARGEST_INFORMATIONAL_BYTES} bytes: ${this.excerpt}`,
      });
    }
    this.#waiting = data;
  }

  #countInformational(): void {
    this.#informational += 1;
    if (this.#informational > MOST_INFORMATIONAL_RESPONSES) {
      throw new ProbeFailure("exchange/malformed", {
        detail: `The server sent more than ${MOST_INFORMATIONAL_RESPONSES} informational responses: ${this.excerpt}`,
      });
    }
  }
}

const STATUS_LINE = /^HTTP\/1\.[01] /u;
const STATUS_LINE_START = "HTTP/1.1 200".length;
/** Shorter than this, an excerpt is worth extending when more comes. */
const SHORT_EXCERPT = 20;
/** Early hints list what to preload: a few kilobytes. It is searched anew with every chunk, hence no larger. */
const LARGEST_INFORMATIONAL_BYTES = 16 * 1024;

/** 101 is final for HTTP/1: what follows it is another protocol. */
function isInformational(line: string): boolean {
  return line.endsWith("101") ? false : line.charAt("HTTP/1.1 ".length) === "1";
}

function couldStartStatusLine(data: Buffer): boolean {
  const start = data.toString("latin1");
  return "HTTP/1.".startsWith(start.slice(0, "HTTP/1.".length));
}
