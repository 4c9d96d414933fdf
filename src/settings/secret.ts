import { inspect } from "node:util";
import type { z } from "zod";
import { text } from "./text.ts";

/** A value that shows itself only to whoever asks for it by `reveal()`; printed anywhere else it is `<secret>`. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return "<secret>";
  }

  toJSON(): string {
    return "<secret>";
  }

  [inspect.custom](): string {
    return "<secret>";
  }
}

/** A string of the configuration that is never shown again. */
export const secret: z.ZodType<Secret> = text.transform((value) => new Secret(value));
