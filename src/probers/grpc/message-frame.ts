import { ProbeFailure } from "../../outcome/probe-failure.ts";

/** A message as gRPC sends it: a flag that it is not compressed, its length in four bytes, itself. */
export function frameMessage(message: Uint8Array): Uint8Array {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/**
 * The one message in the body of a unary call's answer. Throws ProbeFailure `exchange/malformed` where there is none, a
 * part of one or more than one, or where it is compressed, which the call did not allow.
 */
export function unframeMessage(body: Buffer): Buffer {
  if (body.length === 0) throw malformed("The server says OK without an answer");
  if (body.length < PREFIX_BYTES) throw malformed(`Expected a message with its length, found ${body.length} bytes`);
  const flag = body.readUInt8(0);
  if (flag > COMPRESSED) throw malformed(`Expected 0 or 1 as the compressed flag of a message, found ${flag}`);
  if (flag === COMPRESSED) throw malformed("The answer is compressed, although the call did not offer any encoding");
  const length = body.readUInt32BE(1);
  const message = body.subarray(PREFIX_BYTES);
  if (message.length === length) return message;
  if (message.length < length) throw malformed(`Expected a message of ${length} bytes, found ${message.length}`);
  throw malformed(`Expected one message of ${length} bytes, found ${message.length - length} bytes more`);
}

/** https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md: Length-Prefixed-Message. */
const PREFIX_BYTES = 5;
const COMPRESSED = 1;

function malformed(detail: string): ProbeFailure {
  return new ProbeFailure("exchange/malformed", { detail });
}
