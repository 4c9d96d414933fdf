/** An atom, a string without its quotes, or a list in parentheses. */
export type Token = string | readonly Token[];

/**
 * Reads the words of a response (RFC 3501 §4): atoms, quoted strings, literals and lists, one character for each byte.
 * Undefined where parentheses, quotes or the size of a literal do not come out even.
 */
export function parseTokens(text: string): readonly Token[] | undefined {
  const rest = { text, offset: 0 };
  const tokens = readList(rest, 0);
  return rest.offset === text.length ? tokens : undefined;
}

/** What is read, and how far. */
interface Rest {
  readonly text: string;
  offset: number;
}

/** No response that is asked for here has more than two levels. */
const DEEPEST = 10;

/** Up to the parenthesis that closes the list, or to the end. */
function readList(rest: Rest, depth: number): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (;;) {
    while (rest.text[rest.offset] === " ") rest.offset += 1;
    if (rest.offset === rest.text.length || rest.text[rest.offset] === ")") return tokens;
    const token = rest.text[rest.offset] === "(" ? readInner(rest, depth) : readString(rest);
    if (token === undefined) return undefined;
    tokens.push(token);
  }
}

function readInner(rest: Rest, depth: number): readonly Token[] | undefined {
  if (depth === DEEPEST) return undefined;
  rest.offset += 1;
  const tokens = readList(rest, depth + 1);
  if (rest.text[rest.offset] !== ")") return undefined;
  rest.offset += 1;
  return tokens;
}

function readString(rest: Rest): string | undefined {
  return readWith(QUOTED, rest)?.replaceAll(/\\(.)/gsu, "$1") ?? readLiteral(rest) ?? readWith(ATOM, rest);
}

const QUOTED = /"((?:[^"\\\r\n]|\\["\\])*)"/uy;

/** Brackets may hold what no atom may, as in `BODY[HEADER.FIELDS (DATE)]`; nothing like it is asked for here. */
const ATOM = /([^\s()"{]+)/uy;

const LITERAL_SIZE = /~?\{(\d{1,15})\}\r\n/uy;

function readLiteral(rest: Rest): string | undefined {
  const announced = rest.offset;
  const size = Number(readWith(LITERAL_SIZE, rest));
  const start = rest.offset;
  // A literal that is not all there is no string either way: braces are no part of atoms.
  const isWhole = start + size <= rest.text.length;
  rest.offset = isWhole ? start + size : announced;
  return isWhole ? rest.text.slice(start, rest.offset) : undefined;
}

/** The first group of what matches here. */
function readWith(pattern: RegExp, rest: Rest): string | undefined {
  pattern.lastIndex = rest.offset;
  const [all = "", content] = pattern.exec(rest.text) ?? [];
  rest.offset += all.length;
  return content;
}
