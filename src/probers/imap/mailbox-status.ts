import type { Data } from "./response.ts";

/** What STATUS says of a mailbox (RFC 3501 §7.2.4): the numbers by their names in upper case. */
export type MailboxStatus = ReadonlyMap<string, number>;

/** Reads the data of STATUS; undefined where it is none. What is no number is left out. */
export function readMailboxStatus({ name, tokens }: Data): MailboxStatus | undefined {
  const [, items] = tokens;
  if (name !== "STATUS" || items === undefined || typeof items === "string") return undefined;
  return new Map(
    items.flatMap((item, index): readonly (readonly [string, number])[] => {
      const value = items[index + 1];
      if (index % 2 === 1 || typeof item !== "string" || typeof value !== "string") return [];
      return NUMBER.test(value) ? [[item.toUpperCase(), Number(value)]] : [];
    }),
  );
}

/** Fifteen digits are exact as a number; those asked for have at most ten. */
const NUMBER = /^\d{1,15}$/u;
