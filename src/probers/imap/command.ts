/** A part of a command: sent as it is, or as a string that may hold any characters but ends of lines. */
export type Word = string | { readonly text: string };

/** At least one. */
export type Lines = readonly [string, ...string[]];

/**
 * A command with its tag as the lines in which it is sent: after each but the last, the server has to ask for more (RFC
 * 3501 §4.3).
 */
export function encodeCommand(tag: string, words: readonly Word[]): Lines {
  return words.reduce<Lines>(append, [tag]);
}

function append([first, ...others]: Lines, word: Word): Lines {
  const [start, ...literal] = encode(word);
  const last = others.at(-1);
  if (last === undefined) return [`${first} ${start}`, ...literal];
  return [first, ...others.slice(0, -1), `${last} ${start}`, ...literal];
}

/** A word, or the size of a literal in bytes and then the literal. */
function encode(word: Word): Lines {
  if (typeof word === "string") return [word];
  const { text } = word;
  return QUOTABLE.test(text) ? [`"${text.replaceAll(/["\\]/gu, "\\$&")}"`] : [`{${Buffer.byteLength(text)}}`, text];
}

/** What every server takes between quotes; servers limit the length of a line, so that long texts are literals. */
const QUOTABLE = /^[\u0020-\u007e]{0,1000}$/u;
