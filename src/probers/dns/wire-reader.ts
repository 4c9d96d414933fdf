import { escapeLabel } from "./escape.ts";
import { malformed } from "./malformed.ts";

/**
 * Reads the parts of a DNS message (RFC 1035 §4.1) in their order. Every method throws `ProbeFailure`
 * `exchange/malformed` where the message, or the part of it that is being read, is too short or makes no sense.
 */
export class WireReader {
  readonly #message: Buffer;
  #offset = 0;
  #end: number;
  #nameCharacters = 0;

  constructor(message: Uint8Array) {
    this.#message = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
    this.#end = message.byteLength;
  }

  /** How many bytes of the part are left. */
  get remaining(): number {
    return this.#end - this.#offset;
  }

  uint8(): number {
    return this.bytes(1).readUInt8();
  }

  uint16(): number {
    return this.bytes(2).readUInt16BE();
  }

  uint32(): number {
    return this.bytes(4).readUInt32BE();
  }

  /** The next bytes: by default all that are left. */
  bytes(count: number = this.remaining): Buffer {
    if (count > this.remaining) throw malformed(`it ends within byte ${this.#offset + count} of ${this.#end}`);
    const start = this.#offset;
    this.#offset += count;
    return this.#message.subarray(start, this.#offset);
  }

  /** A character-string: one byte of length, and as many bytes (RFC 1035 §3.3). */
  characterString(): Buffer {
    return this.bytes(this.uint8());
  }

  /** A name, written as in a zone file with its final dot; compressed or not (RFC 1035 §4.1.4). */
  name(): string {
    const { text, next } = this.#nameAt(this.#offset);
    if (next > this.#end) throw malformed(`a name goes beyond byte ${this.#end}, where its part ends`);
    this.#offset = next;
    this.#nameCharacters += text.length;
    if (this.#nameCharacters > MOST_NAME_CHARACTERS) {
      throw malformed(`its names add up to more than ${MOST_NAME_CHARACTERS} characters`);
    }
    return text;
  }

  /** Reads the next bytes as a part of their own, which has to be read to its end. */
  within<T>(count: number, read: () => T): T {
    const end = this.#offset + count;
    if (end > this.#end) throw malformed(`it ends within byte ${end} of ${this.#end}`);
    const outerEnd = this.#end;
    this.#end = end;
    const value = read();
    if (this.remaining > 0) throw malformed(`${this.remaining} bytes are left over before byte ${end}`);
    this.#end = outerEnd;
    return value;
  }

  #nameAt(start: number): { readonly text: string; readonly next: number } {
    const labels: string[] = [];
    let offset = start;
    let next: number | undefined;
    let octets = 1;
    for (let pointers = 0; ; ) {
      const length = this.#octetAt(offset);
      if (length === 0) break;
      if (length >= POINTER) {
        next ??= offset + 2;
        pointers += 1;
        if (pointers > MOST_POINTERS) throw malformed(`a name is compressed more than ${MOST_POINTERS} times`);
        offset = ((length & 0x3f) << 8) | this.#octetAt(offset + 1);
        continue;
      }
      if (length > LONGEST_LABEL) throw malformed(`a label of an unknown kind stands at byte ${offset}`);
      octets += length + 1;
      if (octets > LONGEST_NAME) throw malformed(`a name is longer than ${LONGEST_NAME} octets`);
      const label = this.#message.subarray(offset + 1, offset + 1 + length);
      if (label.length < length) throw malformed("it ends within a name");
      labels.push(escapeLabel(label));
      offset += length + 1;
    }
    return { text: `${labels.join(".")}.`, next: next ?? offset + 1 };
  }

  #octetAt(offset: number): number {
    const octet = this.#message[offset];
    if (octet === undefined) throw malformed("it ends within a name");
    return octet;
  }
}

/** The two highest bits of a length tell a pointer (RFC 1035 §4.1.4). */
const POINTER = 0xc0;
/** RFC 1035 §2.3.4, of labels and of whole names with their lengths. */
const LONGEST_LABEL = 63;
const LONGEST_NAME = 255;
/** As many as a name of single letters can have; each further one is part of a loop. */
const MOST_POINTERS = 126;
/**
 * 64 KiB of pointers to one long name make 30 MB of text. A message full of addresses of one such name, the worst that
 * is honest, makes 1 MB.
 */
const MOST_NAME_CHARACTERS = 2 * 1024 * 1024;
