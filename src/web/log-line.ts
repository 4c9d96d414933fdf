import type { LogLine } from "../outcome/report.ts";

/**
 * One event as logfmt, without a line end: `time=… level=INFO msg="Probe failed" outcome=connect/refused`. Values that
 * hold anything but plain visible text are quoted, and control characters escaped, so that a line stays one line and a
 * terminal shows it as it is.
 */
export function formatLogfmt({ time, level, message, fields }: LogLine): string {
  const rest = Object.entries(fields).map(([name, value]) => ` ${readableName(name)}=${readableValue(String(value))}`);
  return `time=${new Date(time).toISOString()} level=${level.toUpperCase()} msg=${readableValue(message)}${rest.join("")}`;
}

function readableName(name: string): string {
  return name.replace(/[^\w.-]/g, "_");
}

function readableValue(text: string): string {
  if (text !== "" && !NEEDS_QUOTES.test(text)) return text;
  return JSON.stringify(text).replace(UNESCAPED_CONTROLS, escapeCharacter);
}

/** Space, quote, equals sign, backslash, controls (C0, DEL, C1), line separators, bidirectional overrides, surrogates. */
const NEEDS_QUOTES = /[\s"=\\\p{Cc}\p{Cf}\p{Cs}]/u;

/** What JSON leaves as it is although a terminal would act on it. */
const UNESCAPED_CONTROLS = /[\u007f-\u009f\u2028\u2029]|\p{Cf}/gu;

function escapeCharacter(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
