import { RE2JS, RE2JSException } from "re2js";
import { z } from "zod";

/** What a match captured: `all` is the whole match, `numbered[0]` the first group; a group that took no part is undefined. */
export interface Captures {
  readonly all: string;
  readonly numbered: readonly (string | undefined)[];
  readonly named: Readonly<Record<string, string | undefined>>;
}

/** A compiled expression in RE2's dialect: matching takes time linear in the text, whatever the text. */
export class RegularExpression {
  readonly source: string;
  readonly #compiled: RE2JS;

  /** Throws RE2JSException where the expression does not compile. */
  constructor(source: string) {
    this.source = source;
    this.#compiled = RE2JS.compile(source);
  }

  /** Whether any part of the text matches; bytes are read as UTF-8. */
  test(text: string | Uint8Array): boolean {
    return this.#compiled.test(text);
  }

  /** The first match with its groups, or undefined. */
  match(text: string): Captures | undefined {
    const found: readonly unknown[] | null = this.#compiled.exec(text);
    if (found === null) return undefined;
    const [all, ...numbered] = found.map((group) => (typeof group === "string" ? group : undefined));
    const named = Object.entries(this.#compiled.namedGroups()).map(([name, index]) => [name, numbered[index - 1]]);
    return { all: all ?? "", numbered, named: Object.fromEntries(named) };
  }

  toString(): string {
    return this.source;
  }

  toJSON(): string {
    return this.source;
  }
}

/** A regular expression of the configuration, compiled when it is read. */
export const regularExpression = z.unknown().transform((value, context): RegularExpression => {
  if (typeof value !== "string" && typeof value !== "number") {
    context.addIssue({ code: "custom", message: "expected a regular expression" });
    return z.NEVER;
  }
  try {
    return new RegularExpression(String(value));
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    context.addIssue({ code: "custom", message: describe(error) });
    return z.NEVER;
  }
});

function describe(error: RE2JSException): string {
  const reason = error.message.replace(/^error parsing regexp: /u, "");
  return `expected a regular expression of the RE2 dialect, which has no lookaround and no backreferences (${reason})`;
}
