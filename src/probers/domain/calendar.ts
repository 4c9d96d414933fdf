/** A moment as it is written: month from 1, minutes east of UTC. */
export interface WrittenDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly offsetMinutes: number;
}

/** Unix seconds of a written moment; undefined where the calendar has no such day (31 April) or the clock no such time. */
export function toUnixSeconds(date: WrittenDate): number | undefined {
  const { year, month, day, hour, minute, second, offsetMinutes } = date;
  // Some registries write the end of a day as 24:00:00.
  if (hour > 24 || minute > 59 || second > 60) return undefined;
  const midnight = Date.UTC(year, month - 1, day);
  const read = new Date(midnight);
  const exists = read.getUTCFullYear() === year && read.getUTCMonth() === month - 1 && read.getUTCDate() === day;
  if (!exists) return undefined;
  return midnight / 1000 + hour * 3600 + (minute - offsetMinutes) * 60 + second;
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** The number from 1 of an English month, whole or in three letters; NaN for anything else. */
export function monthNumber(name: string): number {
  const lower = name.toLowerCase();
  const index = MONTHS.findIndex((short) => lower.startsWith(short));
  return index < 0 || (lower.length > 3 && !FULL_NAMES.has(lower)) ? Number.NaN : index + 1;
}

const FULL_NAMES: ReadonlySet<string> = new Set([
  "january",
  "february",
  "march",
  "april",
  "june",
  "july",
  "august",
  "september",
  "sept",
  "october",
  "november",
  "december",
]);

/**
 * Minutes east of UTC of a zone as registries write it: an offset, in brackets or not, or one of the abbreviations that
 * mean the same everywhere; UTC where none is written. NaN for any other.
 */
export function zoneMinutes(zone: string): number {
  const bare = zone.replaceAll(/[()\s]/gu, "").toUpperCase();
  const named = ZONES.get(bare);
  if (named !== undefined) return named;
  const offset = /^(?:UTC|GMT)?(?<sign>[+-])(?<hours>\d{1,2}):?(?<minutes>\d{2})?$/u.exec(bare)?.groups;
  if (offset === undefined) return Number.NaN;
  const minutes = Number(offset["hours"]) * 60 + Number(offset["minutes"] ?? "0");
  return offset["sign"] === "-" ? -minutes : minutes;
}

/** In hours; CST, IST, BST and the like have several meanings and so none here. */
const ZONES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    "": 0,
    Z: 0,
    UTC: 0,
    GMT: 0,
    WET: 0,
    CET: 1,
    CEST: 2,
    EET: 2,
    EEST: 3,
    MSK: 3,
    JST: 9,
    KST: 9,
    CLT: -4,
    CLST: -3,
    BRT: -3,
    EST: -5,
    EDT: -4,
    PST: -8,
    PDT: -7,
  }).map(([name, hours]) => [name, hours * 60]),
);
