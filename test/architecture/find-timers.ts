import type { Sources } from "./find-violations.ts";

/** The one file that waits: its timers end with the work that they belong to. */
const CLOCK = "network/deadline.ts";

/** Whatever waits for a time to pass, in text that is not a comment; `setImmediate` waits for no time and is free. */
const TIMER = /\bset(?:Timeout|Interval)\b|["']node:timers(?:\/promises)?["']|\bAbortSignal\.timeout\b/g;

/** Every timer outside the one file that may have some; one sentence each. */
export function findTimers(sources: Sources): readonly string[] {
  return Array.from(sources)
    .filter(([file]) => file !== CLOCK)
    .flatMap(([file, text]) =>
      Array.from(withoutComments(text).matchAll(TIMER), ([timer]) => `${file} has a timer of its own: ${timer}`),
    );
}

/** Whole lines that are comments go; a timer's name behind code on the same line is reported, and rightly so. */
function withoutComments(text: string): string {
  return text.replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, "");
}
