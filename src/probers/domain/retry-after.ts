import { readDate } from "./read-date.ts";

/** What a busy server that does not say means, in seconds. */
const DEFAULT_SECONDS = 15 * 60;
const LONGEST_SECONDS = 24 * 3600;

/** Seconds of a `Retry-After` header (RFC 9110 §10.2.3), a number or a date; bounded. `now` in Unix milliseconds. */
export function readRetryAfter(header: string | undefined, now: number): number {
  if (header === undefined) return DEFAULT_SECONDS;
  const date = /^\d{1,9}$/u.test(header) ? undefined : readDate(header, { topLevel: "" });
  const seconds = /^\d{1,9}$/u.test(header) ? Number(header) : date === undefined ? DEFAULT_SECONDS : date - now / 1000;
  return Math.min(Math.max(seconds, 1), LONGEST_SECONDS);
}
