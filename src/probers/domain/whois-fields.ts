/** One line of a record: its key in lower case without dots, hyphens and remarks in brackets, and its value. */
interface WhoisField {
  readonly key: string;
  readonly value: string;
}

/** What an answer says, apart from comments and legal text. */
export interface WhoisFields {
  /** The value of the first of these keys that has any, wherever it stands: the keys are in order of precedence. */
  first(keys: readonly string[]): string | undefined;
  /** The value that stands first under any of these keys: a record begins with the domain, and goes on with contacts. */
  earliest(keys: readonly string[]): string | undefined;
  all(keys: readonly string[]): readonly string[];
}

/** An answer longer than any record: the rest is not read. */
const MOST_LINES = 2000;

/** Records have short lines. Some patterns take time that grows with the square of a line's length. */
const LONGEST_LINE = 1000;

/** The fields of a WHOIS answer: `key: value`, `key......: value`, `[key] value`, and values on the lines after `key:`. */
export function readWhoisFields(text: string): WhoisFields {
  const fields = fieldsOf(recordLines(text));
  const all = (keys: readonly string[]): readonly string[] =>
    fields.filter(({ key, value }) => keys.includes(key) && value !== "").map(({ value }) => value);
  return {
    all,
    earliest: (keys) => all(keys)[0],
    first(keys) {
      for (const key of keys) {
        const [value] = all([key]);
        if (value !== undefined) return value;
      }
      return undefined;
    },
  };
}

/** Without comments, and without what follows the line with which registries end a record. */
function recordLines(text: string): readonly string[] {
  const lines = text.split(/\r?\n|\r/u, MOST_LINES).map((line) => line.slice(0, LONGEST_LINE));
  const end = lines.findIndex((line) => /^\s*>>>/u.test(line));
  return (end < 0 ? lines : lines.slice(0, end)).filter((line) => !/^\s*[%#]/u.test(line));
}

function fieldsOf(lines: readonly string[]): readonly WhoisField[] {
  const fields: WhoisField[] = [];
  let heading: { readonly key: string; readonly indent: number } | undefined;
  for (const line of lines) {
    const field = fieldOf(line);
    const indent = line.search(/\S/u);
    if (field !== undefined) {
      fields.push(field);
      if (field.value === "") heading = { key: field.key, indent };
      else if (heading !== undefined && indent <= heading.indent) heading = undefined;
    } else if (heading !== undefined && indent > heading.indent) {
      fields.push({ key: heading.key, value: line.trim() });
    } else if (indent < 0) {
      heading = undefined;
    }
  }
  return fields;
}

function fieldOf(line: string): WhoisField | undefined {
  const { bracketed, plain, value = "" } = (SENTENCE.exec(line) ?? FIELD.exec(line))?.groups ?? {};
  const key = bracketed ?? plain;
  return key === undefined ? undefined : { key: normaliseKey(key), value: value.trim() };
}

/** A key is a few words; a sentence with a colon in it is prose. */
const FIELD =
  /^\s*(?:(?:[a-z]\.?\s+)?\[(?<bracketed>[^\]]{1,40})\]|(?<plain>[^\s:[\]][^:[\]]{0,50}?)[.\s]*:)(?:\s+|$|(?=[^/\s]))(?<value>.*)$/u;

/** A date that a registry tells in words, without a colon: `Record expires on 2027-04-05`. */
const SENTENCE = /^\s*(?<plain>(?:domain|record) [a-z ]{1,20} on)\s+(?<value>\d.*)$/iu;

/** `Expiration Date (dd/mm/yyyy)`, `expire-date` and `Expires On.....` as `expiration date`, `expire date`, `expires on`. */
function normaliseKey(key: string): string {
  return key
    .toLowerCase()
    .replaceAll(/\([^)]*\)/gu, "")
    .replaceAll(/[-_.]+/gu, " ")
    .replaceAll(/\s+/gu, " ")
    .trim();
}
