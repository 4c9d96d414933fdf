/**
 * A reply without the words that were sent before, for servers repeat what they do not understand, and what is sent
 * may be a password. Words shorter than four characters are commands and answers rather than secrets.
 */
export function concealSent(reply: string, sent: readonly string[]): string {
  const words = sent.flatMap((text) => text.split(/[\s"'=:,;]+/u)).filter((word) => word.length >= 4);
  const longestFirst = words.toSorted((one, other) => other.length - one.length);
  return longestFirst.reduce((shown, word) => shown.replaceAll(word, "<sent>"), reply);
}
