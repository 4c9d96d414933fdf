import type { Socket } from "node:net";
import { ProbeFailure } from "../outcome/probe-failure.ts";
import { ByteReader } from "./byte-reader.ts";
import { write } from "./write.ts";

/**
 * A dialogue of lines over a connected stream, as the protocols of mail have it: whatever arrives in whatever pieces,
 * lines come out whole, and one call sends one line. Every wait ends with the socket, which dies with the probe's
 * signal. Dispose it, or let it hand the socket on, before anybody else reads from the socket.
 */
export class LineDialogue implements Disposable {
  readonly #socket: Socket;
  readonly #reader: ByteReader;
  readonly #secrets: string[] = [];

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#reader = new ByteReader(socket);
  }

  /** What was announced as secret, for whoever shows a reply: servers repeat what they do not understand. */
  get secrets(): readonly string[] {
    return this.#secrets;
  }

  /** Announces words that no detail may show, in every form in which they go over the line. */
  conceal(...secrets: readonly string[]): void {
    this.#secrets.push(...secrets.filter((secret) => secret !== ""));
  }

  /**
   * The next line without its end (CR LF, or LF alone), as UTF-8. Throws `ProbeFailure`: `exchange/malformed` for a
   * line that does not end, `exchange/closed` where the peer ends the connection first; otherwise the stream's error.
   */
  async readLine(): Promise<string> {
    for (let searched = 0; ; ) {
      const { held } = this.#reader;
      const end = held.indexOf(LINE_FEED, searched);
      if (end >= LONGEST_LINE_BYTES || (end < 0 && held.length >= LONGEST_LINE_BYTES)) throw tooLong();
      if (end >= 0) return textOf(this.#reader.take(end + 1));
      searched = held.length;
      if (!(await this.#reader.more())) throw closed(searched);
    }
  }

  /**
   * The lines up to and including the one that is the last of its reply; throws as `readLine` does, and
   * `exchange/malformed` where it does not come among as many lines or bytes as a reply may have.
   */
  async readLines(isLast: (line: string) => boolean): Promise<readonly string[]> {
    const lines: string[] = [];
    for (let length = 0; lines.length < MOST_LINES && length <= MOST_BYTES; ) {
      const line = await this.readLine();
      lines.push(line);
      if (isLast(line)) return lines;
      length += line.length;
    }
    throw malformed(`Expected a reply of at most ${MOST_LINES} lines and ${MOST_BYTES} bytes, found a longer one`);
  }

  /** So many bytes as they are, e.g. a literal of IMAP; throws as `readLine` does. */
  async readBytes(count: number): Promise<Buffer> {
    if (count > MOST_BYTES) throw malformed(`Expected at most ${MOST_BYTES} bytes at once, found ${count} announced`);
    while (this.#reader.held.length < count) {
      if (!(await this.#reader.more())) throw closed(this.#reader.held.length);
    }
    return this.#reader.take(count);
  }

  /**
   * Sends one line and its CR LF. Throws `ProbeFailure`: `request/parameter-missing` for text that would be more than
   * one line, before anything is sent; `exchange/closed` where the peer has ended the connection, and
   * `exchange/send-failed` where it broke.
   */
  async sendLine(line: string): Promise<void> {
    if (!isOneLine(line)) {
      const detail = "Cannot send a configured value that holds a line end or a NUL: it could be a second command";
      throw new ProbeFailure("request/parameter-missing", { detail });
    }
    try {
      await write(this.#socket, Buffer.from(`${line}\r\n`));
    } catch (error) {
      if (this.#socket.readableEnded) throw closed(0);
      const detail = `Cannot send: ${error instanceof Error ? error.message : String(error)}`;
      throw new ProbeFailure("exchange/send-failed", { detail, cause: error });
    }
  }

  /**
   * Sends a last line and waits for so many seconds at most until the server has answered or hung up; throws as
   * `sendLine` does, and the stream's error.
   */
  async sendFarewell(line: string, options: { readonly patienceSeconds: number }): Promise<"more" | "end" | "nothing"> {
    await this.sendLine(line);
    return this.#reader.moreWithin(options.patienceSeconds);
  }

  /**
   * Throws `exchange/malformed` where the peer has said something that it was not asked for. Before TLS is asked for
   * and before its handshake, that could be anybody's, who would pass it off as the peer's secure answer.
   */
  assertNothingPending(moment: string): void {
    const count = this.#reader.pending;
    if (count > 0) throw malformed(`Expected nothing ${moment}, found ${count} bytes`);
  }

  /** Ends the dialogue and yields the socket for its TLS handshake, before which the peer must have said nothing. */
  handOver(): Socket {
    this.assertNothingPending("between the agreement on TLS and its handshake");
    this[Symbol.dispose]();
    return this.#socket;
  }

  [Symbol.dispose](): void {
    this.#reader[Symbol.dispose]();
  }
}

/** Whether text can go over the line as part of one line; NUL has no place in any of these protocols. */
export function isOneLine(text: string): boolean {
  return !/[\r\n\0]/u.test(text);
}

/**
 * With its end. SMTP limits a reply's line to 512 bytes (RFC 5321 §4.5.3.1.5), POP3 to as many (RFC 2449 §4); IMAP's
 * lines of capabilities are longer, and 8192 is what RFC 7162 §4 asks its servers to take.
 */
const LONGEST_LINE_BYTES = 8192;

/** The longest reply that a probe waits for lists capabilities, some dozens of lines. */
const MOST_LINES = 1000;

/** Far more than such a list takes, or the name of a mailbox as a literal of IMAP. */
const MOST_BYTES = 64 * 1024;

const LINE_FEED = 10;

function textOf(line: Buffer): string {
  return line.toString().replace(/\r?\n$/u, "");
}

function tooLong(): ProbeFailure {
  return malformed(`Expected lines of at most ${LONGEST_LINE_BYTES} bytes, found a longer one`);
}

function malformed(detail: string): ProbeFailure {
  return new ProbeFailure("exchange/malformed", { detail });
}

function closed(heldBytes: number): ProbeFailure {
  const where = heldBytes > 0 ? " in the middle of a line" : "";
  return new ProbeFailure("exchange/closed", { detail: `The server closed the connection${where}` });
}
