import { ProbeFailure } from "../../outcome/probe-failure.ts";

/** The names of grpc.health.v1's `HealthCheckResponse.ServingStatus`, each at the place of its number. */
export const SERVING_STATUSES = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"] as const;

/** `HealthCheckRequest`: field 1 is the service's name; an empty one is not written, and asks for the whole server. */
export function encodeHealthRequest(service: string): Uint8Array {
  const name = Buffer.from(service);
  return name.length === 0 ? name : Buffer.concat([Buffer.from([NAME_TAG, ...varint(name.length)]), name]);
}

/**
 * The number in field 1 of a `HealthCheckResponse`, 0 where it is not written; fields of other numbers are skipped.
 * Throws ProbeFailure `exchange/malformed` where the bytes are no message of Protocol Buffers.
 */
export function decodeHealthStatus(message: Uint8Array): number {
  let status = 0;
  for (let at = 0; at < message.length; ) {
    const tag = readVarint(message, at);
    const field = tag.value >> 3n;
    const type = WIRE_TYPES[Number(tag.value & 7n)];
    if (field === 0n || type === undefined) throw malformed("a field of a kind that nobody writes");
    if (field === STATUS_FIELD && type !== "varint") throw malformed("a status that is no number");
    const end = fieldEnd(message, { at: tag.end, type });
    if (end > message.length) throw malformed("a field that is cut off");
    if (field === STATUS_FIELD) status = Number(BigInt.asIntN(32, readVarint(message, tag.end).value));
    at = end;
  }
  return status;
}

/** Field 1, of a length and so many bytes. */
const NAME_TAG = (1 << 3) | 2;
const STATUS_FIELD = 1n;

/** https://protobuf.dev/programming-guides/encoding/#structure, by number; groups (3 and 4) are of the past. */
const WIRE_TYPES = ["varint", "eight-bytes", "length", undefined, undefined, "four-bytes"] as const;

type WireType = Exclude<(typeof WIRE_TYPES)[number], undefined>;

/** Seven bits a byte, the lowest first, the highest bit set where another follows. */
function varint(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

/** Ten bytes hold the 64 bits that a number can have. */
const LONGEST_VARINT_BYTES = 10;

function readVarint(bytes: Uint8Array, start: number): { readonly value: bigint; readonly end: number } {
  let value = 0n;
  for (let index = 0; index < LONGEST_VARINT_BYTES; index += 1) {
    const byte = bytes[start + index];
    if (byte === undefined) throw malformed("a number that is cut off");
    value |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (byte < 0x80) return { value, end: start + index + 1 };
  }
  throw malformed("a number without end");
}

function fieldEnd(bytes: Uint8Array, { at, type }: { readonly at: number; readonly type: WireType }): number {
  if (type === "eight-bytes") return at + 8;
  if (type === "four-bytes") return at + 4;
  const { value, end } = readVarint(bytes, at);
  return type === "varint" ? end : end + Number(value);
}

function malformed(found: string): ProbeFailure {
  return new ProbeFailure("exchange/malformed", { detail: `Expected a HealthCheckResponse, found ${found}` });
}
