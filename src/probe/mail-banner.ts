import { printable } from "./printable.ts";

/**
 * The words of a greeting as a label: printable, at most 100 characters, and the same from probe to probe. Exim, sendmail
 * and Exchange tell the time in theirs, and large providers the name of the session; each would be a new time series
 * every time. Those are `<time>` and `<id>` instead.
 */
export function mailBanner(greeting: string): string {
  const text = greeting.slice(0, LONGEST_GREETING);
  return printable(
    text
      .replaceAll(MESSAGE_ID, "<id>")
      .replaceAll(TIME, "<time>")
      .replaceAll(LONG_WORD, (word) => (isMadeUp(word) ? "<id>" : word))
      .trim(),
  );
}

/** More than a label shows. */
const LONGEST_GREETING = 1000;

/** Between angle brackets with five digits or more, as the timestamp of POP3. */
const MESSAGE_ID = /<(?=(?:[^<>\s]*?\d){5})[^<>\s]{1,250}>/gu;

const DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*";
const MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*";
const DATE = [
  `\\d{1,2}[ -]${MONTH}[ -]\\d{2,4}`,
  `${MONTH} +\\d{1,2}(?:,? \\d{4})?`,
  "\\d{4}[-/]\\d{1,2}[-/]\\d{1,2}",
  "\\d{1,2}[-/.]\\d{1,2}[-/.]\\d{2,4}",
].join("|");
const CLOCK = "\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d+)?)?";
const ZONE = "(?: ?[AP]M\\b)?(?: ?(?:Z\\b|[+-]\\d{2}:?\\d{2}\\b|[A-Z]{2,5}\\b|\\([A-Z]{2,5}\\))){0,2}(?: \\d{4}\\b)?";

/** A time of day, with a date before it or after it (RFC 5322 §3.3, ctime(3), ISO 8601); no part of an address. */
const TIME = new RegExp(`(?<![\\w:.[])(?:(?:${DAY},? +)?(?:${DATE})(?:T|,? +))?${CLOCK}(?![\\d:])${ZONE}`, "gu");

const LONG_WORD = /[A-Za-z\d+/=_.-]{10,}/gu;

/**
 * Whether a word is made up by a program for this one session: a large number, or letters and digits that change often.
 * Names of hosts and versions have dots, of which such a word has at most one, before some more of its kind.
 */
function isMadeUp(word: string): boolean {
  const core = word.replace(/\.(?=[a-z]*\d)[a-z\d]{1,8}$/iu, "");
  if (core.includes(".")) return false;
  if (/^\d+$/u.test(core)) return true;
  const changes = core.match(/[a-z](?![a-z]|$)|[A-Z](?![A-Z]|$)|\d(?!\d|$)/gu)?.length ?? 0;
  return core.length >= SHORTEST_MADE_UP && changes >= core.length / (core.length < LONG ? 3 : 8);
}

const SHORTEST_MADE_UP = 16;
/** Words of people end before; what is longer may be BASE64, in which letters of one case follow each other. */
const LONG = 40;
