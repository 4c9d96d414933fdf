/** The beginning of what a target sent, fit for a detail: at most 100 characters, everything unprintable as `.`. */
export function printable(text: string | Uint8Array): string {
  const start =
    typeof text === "string" ? text.slice(0, LONGEST) : Buffer.from(text.subarray(0, LONGEST)).toString("latin1");
  const shown = start.replaceAll(/[^\u0020-\u007e]/gu, ".");
  return text.length > LONGEST ? `${shown}…` : shown;
}

/** A detail is one line for a person. */
const LONGEST = 100;
