import type { WireReader } from "./wire-reader.ts";

/** The equator and the prime meridian are 2^31, and a unit is a thousandth of a second of arc (RFC 1876 §2). */
const ORIGIN = 2 ** 31;
const MINUTE = 60 * 1000;
const DEGREE = 60 * MINUTE;
/** Centimetres are counted from 100 km below the surface. */
const ALTITUDE_BASE_METRES = 100_000;

/** The data of a LOC record: latitude, longitude, altitude, size and precisions (RFC 1876 §3). */
export function locationText(reader: WireReader): string {
  reader.uint8();
  const precisions = [reader.uint8(), reader.uint8(), reader.uint8()].map(lengthText);
  const latitude = angleText(reader.uint32(), { positive: "N", negative: "S" });
  const longitude = angleText(reader.uint32(), { positive: "E", negative: "W" });
  const altitude = reader.uint32();
  const metres = altitude / 100 - ALTITUDE_BASE_METRES;
  return [latitude, longitude, `${metres.toFixed(altitude % 100 === 0 ? 0 : 2)}m`, ...precisions].join(" ");
}

function angleText(encoded: number, sides: { readonly positive: string; readonly negative: string }): string {
  const angle = Math.abs(encoded - ORIGIN);
  const degrees = twoDigits(Math.floor(angle / DEGREE));
  const minutes = twoDigits(Math.floor((angle % DEGREE) / MINUTE));
  const seconds = ((angle % MINUTE) / 1000).toFixed(3);
  return `${degrees} ${minutes} ${seconds} ${encoded > ORIGIN ? sides.positive : sides.negative}`;
}

/** Centimetres as a digit and a power of ten, each half an octet, in metres. */
function lengthText(octet: number): string {
  const digit = octet >> 4;
  const exponent = octet & 0x0f;
  if (exponent >= 2) return `${digit}${"0".repeat(exponent - 2)}m`;
  return `0.${twoDigits(exponent === 1 ? digit * 10 : digit)}m`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}
