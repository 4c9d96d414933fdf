import type { Writable } from "node:stream";

/** Writes the bytes and waits until the system has taken them. Rejects with the stream's error. */
export function write(stream: Writable, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}
