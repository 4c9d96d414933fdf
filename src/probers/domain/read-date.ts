import { monthNumber, toUnixSeconds, zoneMinutes } from "./calendar.ts";
import { DATE_LAYOUTS } from "./date-layouts.ts";

/** No date is longer; a hostile answer is not matched against every pattern. */
const LONGEST_DATE = 64;

/**
 * Unix seconds of a date as the registry of that top-level domain writes it; undefined where no layout fits. Never by
 * `new Date(text)`, which takes 02.01.2027 for a day in February, drops "(UTC+8)" and reads the rest in the zone of
 * whoever runs it.
 */
export function readDate(text: string, { topLevel }: { readonly topLevel: string }): number | undefined {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST_DATE) return undefined;
  for (const { pattern, registries } of DATE_LAYOUTS) {
    if (registries !== undefined && !registries.has(topLevel)) continue;
    const groups = pattern.exec(trimmed)?.groups;
    if (groups !== undefined) return unixSecondsOf(groups);
  }
  return undefined;
}

function unixSecondsOf(groups: Readonly<Record<string, string | undefined>>): number | undefined {
  const number = (part: string, otherwise: string): number => Number(groups[part] ?? otherwise);
  const month = groups["name"] === undefined ? number("month", "") : monthNumber(groups["name"]);
  const offsetMinutes = zoneMinutes(groups["zone"] ?? "");
  if (Number.isNaN(month) || Number.isNaN(offsetMinutes)) return undefined;
  return toUnixSeconds({
    year: groups["year"] === undefined ? fullYear(number("shortYear", "")) : number("year", ""),
    month,
    day: number("day", "1"),
    hour: number("hour", "0"),
    minute: number("minute", "0"),
    second: number("second", "0"),
    offsetMinutes,
  });
}

/** RFC 2822 §4.3: up to 49 is this century. */
function fullYear(shortYear: number): number {
  return shortYear + (shortYear < 50 ? 2000 : 1900);
}
