import type { Duplex } from "node:stream";

/**
 * Reads a proxy's reply: hands all bytes so far to `parse` until it makes something of them, and puts back what lies
 * behind the reply. Rejects with the socket's error, with `EarlyEndError` at its end, and after an abort.
 */
export function readReply<T>(
  socket: Duplex,
  parse: (bytes: Buffer) => { readonly value: T; readonly length: number } | undefined,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  let received: Buffer = Buffer.alloc(0);

  function onReadable(): void {
    const chunk: unknown = socket.read();
    if (!Buffer.isBuffer(chunk)) return;
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    try {
      const reply = parse(received);
      if (reply === undefined) return;
      stop();
      if (reply.length < received.length) socket.unshift(received.subarray(reply.length));
      resolve(reply.value);
    } catch (error) {
      stop();
      reject(error);
    }
  }

  function onError(error: Error): void {
    stop();
    reject(error);
  }

  function onEnd(): void {
    onError(new EarlyEndError("The connection was closed"));
  }

  function stop(): void {
    socket.off("readable", onReadable).off("error", onError).off("end", onEnd).off("close", onEnd);
  }

  socket.on("readable", onReadable).on("error", onError).on("end", onEnd).on("close", onEnd);
  onReadable();
  return promise;
}

/** The peer closed the connection before its reply was complete. */
export class EarlyEndError extends Error {
  override readonly name = "EarlyEndError";
}
