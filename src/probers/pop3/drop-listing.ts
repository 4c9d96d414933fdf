/** What STAT says of a maildrop (RFC 1939 §5). */
export interface DropListing {
  readonly messages: number;
  readonly bytes: number;
}

/** Reads `2 320`, whatever follows it; undefined where that is not what the server said. */
export function parseDropListing(text: string): DropListing | undefined {
  const [, messages, bytes] = LISTING.exec(text) ?? [];
  return messages === undefined || bytes === undefined
    ? undefined
    : { messages: Number(messages), bytes: Number(bytes) };
}

/** Fifteen digits are exact as numbers, and more than any maildrop holds. */
const LISTING = /^(\d{1,15}) (\d{1,15})(?:\s|$)/u;
