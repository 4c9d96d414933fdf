/** Text that is markup already, because `html` made it or because it is ours. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: text and numbers are escaped, markup and lists of it stand as they are. */
export type HtmlValue = string | number | Html | readonly Html[];

/** A template whose values cannot break out of the text or the quoted attribute in which they stand. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(strings.reduce((text, part, index) => text + markup(values[index - 1] ?? "") + part));
}

function markup(value: HtmlValue): string {
  if (value instanceof Html) return value.text;
  if (typeof value === "string") return escape(value);
  if (typeof value === "number") return String(value);
  return value.map((part) => part.text).join("");
}

function escape(text: string): string {
  return text.toWellFormed().replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
