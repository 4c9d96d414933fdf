/** One way to write a date. The groups of its pattern are named after the parts; `name` is a month in English. */
export interface DateLayout {
  /** As the documentation of registries writes it. */
  readonly name: string;
  readonly pattern: RegExp;
  /** The top-level domains whose registry writes so, where another could read the same text as another day. */
  readonly registries?: ReadonlySet<string>;
}

const TIME = String.raw`(?:(?:[T,\s]\s*|\s+at\s+)(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:\.\d{1,9})?)?)`;
const ZONE = String.raw`\s*(?<zone>Z|[A-Z]{3,4}|[+-]\d{2}(?::?\d{2})?|\((?:UTC|GMT|JST|KST)(?:[+-]\d{1,2}(?::\d{2})?)?\))`;
const WEEKDAY = String.raw`(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?`;
const NAME = String.raw`(?<name>[A-Z][a-z]{2,8})`;
const YEAR = String.raw`(?<year>\d{4})`;

function layout(name: string, pattern: string, registries?: readonly string[]): DateLayout {
  const anchored = new RegExp(`^${pattern}$`, "iu");
  return registries === undefined
    ? { name, pattern: anchored }
    : { name, pattern: anchored, registries: new Set(registries) };
}

/**
 * Every layout that is read. Those in which day and month could be mistaken for each other, or that another registry
 * uses for another order, hold for the registries that are known to write so and for nobody else.
 */
export const DATE_LAYOUTS: readonly DateLayout[] = [
  layout(
    "YYYY-MM-DD, RFC 3339 and its relatives",
    String.raw`${YEAR}-(?<month>\d{1,2})-(?<day>\d{1,2})(?:${TIME}(?:${ZONE})?|${ZONE})?(?:\s+\(\d{4}-\d{2}-\d{2}\))?`,
  ),
  layout(
    "YYYYMMDD, with or without a time",
    String.raw`${YEAR}(?<month>\d{2})(?<day>\d{2})(?:(?<hour>\d{2})(?<minute>\d{2})(?<second>\d{2}))?(?:\s+#\d+)?`,
  ),
  layout("YYYYMMDD hh:mm:ss", String.raw`${YEAR}(?<month>\d{2})(?<day>\d{2})${TIME}(?:${ZONE})?`),
  layout("YYYY.MM.DD", String.raw`${YEAR}\.\s?(?<month>\d{1,2})\.\s?(?<day>\d{1,2})\.?(?:${TIME}(?:${ZONE})?)?`),
  layout("YYYY/MM/DD", String.raw`${YEAR}\/(?<month>\d{1,2})\/(?<day>\d{1,2})(?:${TIME})?(?:${ZONE})?`),
  layout("YYYY-Mon-DD", String.raw`${YEAR}-${NAME}-(?<day>\d{1,2})\.?(?:${TIME}(?:${ZONE})?)?`),
  layout("DD-Mon-YYYY", String.raw`(?<day>\d{1,2})(?:st|nd|rd|th)?[-.\s]${NAME}[-.\s]${YEAR}(?:${TIME}(?:${ZONE})?)?`),
  layout("Month D YYYY", String.raw`${NAME}\s+(?<day>\d{1,2})(?:st|nd|rd|th)?,?\s+${YEAR}(?:${TIME}(?:${ZONE})?)?`),
  layout("Www Mon D YYYY", String.raw`${WEEKDAY},?\s+${NAME}\s+(?<day>\d{1,2}),?\s+${YEAR}(?:${TIME}(?:${ZONE})?)?`),
  layout(
    "Www Mon D hh:mm:ss ZONE YYYY",
    String.raw`${WEEKDAY}\s+${NAME}\s+(?<day>\d{1,2})${TIME}(?:${ZONE})?\s+${YEAR}`,
  ),
  layout("RFC 1123", String.raw`${WEEKDAY},\s+(?<day>\d{1,2})[-\s]${NAME}[-\s]${YEAR}(?:${TIME}(?:${ZONE})?)?`),
  layout(
    "RFC 822 and RFC 850",
    String.raw`(?:${WEEKDAY},\s+)?(?<day>\d{1,2})[-\s]${NAME}[-\s](?<shortYear>\d{2})${TIME}(?:${ZONE})?`,
  ),
  layout("before Mon-YYYY", String.raw`before\s+${NAME}-${YEAR}`, ["uk"]),
  layout("DD.MM.YYYY", String.raw`(?<day>\d{1,2})\.(?<month>\d{1,2})\.${YEAR}(?:${TIME}(?:${ZONE})?)?`, [
    "cz",
    "fi",
    "rs",
    "xn--90a3ac",
    "mk",
    "xn--d1alf",
  ]),
  layout("DD/MM/YYYY", String.raw`(?<day>\d{1,2})\/(?<month>\d{1,2})\/${YEAR}(?:${TIME}(?:${ZONE})?)?`, [
    "fr",
    "re",
    "pm",
    "tf",
    "wf",
    "yt",
    "im",
    "pt",
  ]),
  layout("DD-MM-YYYY", String.raw`(?<day>\d{1,2})-(?<month>\d{1,2})-${YEAR}`, ["hk", "xn--j6w193g", "il"]),
];
