import type { Transform } from "node:stream";
import { finished } from "node:stream/promises";
import zlib from "node:zlib";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { printable } from "../../probe/printable.ts";
import type { Flow } from "./message.ts";
import type { Compression } from "./settings.ts";

export interface BodyOptions {
  readonly compression: Compression;
  /** Of the decoded body; undefined for no limit. */
  readonly limitBytes: number | undefined;
  /** Whether the decoded bytes are to be kept, or only counted. */
  readonly keep: boolean;
}

/**
 * The most of a body that is kept for checks: expressions search it while nothing else can run, at some tens of
 * megabytes a second. A body that is only counted may have any length.
 */
const LARGEST_KEPT_BODY_BYTES = 16 * 1024 * 1024;

const EMPTY = Buffer.alloc(0);

/** A response's body as it comes in: decoded, counted, kept where a check needs it; never more than the limits. */
export class Body {
  /** Decoded; at a limit, exactly the limit. */
  lengthBytes = 0;
  /** Why the body was not read to its end, although the server kept sending. */
  problem: ProbeFailure | undefined;
  readonly #limitBytes: number;
  readonly #options: BodyOptions;
  readonly #flow: Flow;
  #kept: Buffer = EMPTY;
  #decoder: Transform | undefined;

  constructor(options: BodyOptions, flow: Flow) {
    this.#options = options;
    this.#flow = flow;
    this.#limitBytes = Math.min(
      options.limitBytes ?? Number.POSITIVE_INFINITY,
      options.keep ? LARGEST_KEPT_BODY_BYTES : Number.POSITIVE_INFINITY,
    );
  }

  /** Takes bytes as they came over the wire. */
  take(chunk: Buffer): void {
    if (this.problem !== undefined) return;
    this.#decoder ??= this.#createDecoder();
    if (this.#decoder === undefined) {
      this.#takeDecoded(chunk);
      return;
    }
    if (!this.#decoder.write(chunk)) this.#flow.pause();
  }

  /** Waits until everything taken is decoded. */
  async finish(signal: AbortSignal): Promise<void> {
    const decoder = this.#decoder;
    if (decoder === undefined || this.problem !== undefined) return;
    try {
      decoder.end();
      await finished(decoder, { signal });
    } catch (error) {
      // The decoder's own listener has noted what is wrong with the body; the rest is the deadline's.
      if (signal.aborted || this.problem === undefined) throw error;
    }
  }

  /** The decoded bytes, where they were kept. */
  bytes(): Buffer {
    return this.#options.keep ? this.#kept.subarray(0, this.lengthBytes) : EMPTY;
  }

  /** Frees what decoding holds; safe at any time. */
  close(): void {
    this.#decoder?.destroy();
  }

  #takeDecoded(chunk: Buffer): void {
    const room = this.#limitBytes - this.lengthBytes;
    const accepted = chunk.length > room ? chunk.subarray(0, room) : chunk;
    if (this.#options.keep) this.#append(accepted);
    this.lengthBytes += accepted.length;
    if (chunk.length > room) this.#give(this.#tooLarge());
  }

  /** One growing buffer: a list of chunks of one byte each would take far more memory than the body. */
  #append(bytes: Buffer): void {
    const length = this.lengthBytes + bytes.length;
    if (this.lengthBytes === 0) {
      this.#kept = bytes;
      return;
    }
    if (length > this.#kept.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, 2 * this.lengthBytes));
      this.#kept.copy(larger, 0, 0, this.lengthBytes);
      this.#kept = larger;
    }
    bytes.copy(this.#kept, this.lengthBytes);
  }

  #tooLarge(): ProbeFailure {
    const limit = this.#options.limitBytes;
    const why =
      limit !== undefined && limit <= this.#limitBytes
        ? `body_size_limit (${limit} bytes)`
        : `the ${LARGEST_KEPT_BODY_BYTES} bytes that checks can look at`;
    return new ProbeFailure("content/too-large", { detail: `The body is larger than ${why}` });
  }

  #createDecoder(): Transform | undefined {
    const create = DECODERS[this.#options.compression];
    if (create === undefined) return undefined;
    const decoder = create();
    decoder.on("data", (chunk: Buffer) => {
      if (this.problem === undefined) this.#takeDecoded(chunk);
    });
    decoder.on("drain", () => this.#flow.resume());
    decoder.on("error", (error) => this.#give(this.#undecodable(error)));
    return decoder;
  }

  #undecodable(error: Error): ProbeFailure {
    const detail = `The body cannot be decoded as ${this.#options.compression}: ${printable(error.message)}`;
    return new ProbeFailure("exchange/malformed", { detail, cause: error });
  }

  /** Nothing that follows matters any more. */
  #give(problem: ProbeFailure): void {
    this.problem ??= problem;
    this.#decoder?.destroy();
    this.#flow.stop();
  }
}

/** Decoders work in chunks, so a bomb inflates no more than one of them at a time. */
const CHUNK = { chunkSize: 64 * 1024 };

/** `deflate` is the bare format without zlib's header, as blackbox_exporter reads it. */
const DECODERS = {
  "": undefined,
  identity: undefined,
  gzip: () => zlib.createGunzip(CHUNK),
  br: () => zlib.createBrotliDecompress(CHUNK),
  deflate: () => zlib.createInflateRaw(CHUNK),
  // RFC 9659 §3 holds the window of `zstd` content to 8 MiB; without it a frame may ask for 128.
  zstd: () => zlib.createZstdDecompress({ ...CHUNK, params: { [zlib.constants.ZSTD_d_windowLogMax]: 23 } }),
} satisfies Record<Compression, unknown>;
