/**
 * A reply without the secrets that it repeats, for servers repeat what they do not understand: whole, in another case,
 * or cut to a part by some bound of theirs. Only the beginning of a reply is worth showing, and only that is looked at.
 */
export function concealSecrets(reply: string, secrets: readonly string[]): string {
  const shown = reply.slice(0, LONGEST_REPLY);
  const text = fold(shown);
  const folded = secrets.filter((secret) => secret !== "").map(fold);
  const places = [
    ...folded.flatMap((secret) => echoesOf(secret, text)),
    ...folded.flatMap((one) => wordsOf(one, text)),
  ];
  let concealed = "";
  let end = 0;
  for (const place of places.toSorted((one, other) => one.start - other.start)) {
    if (place.start > end || end === 0) concealed += `${shown.slice(end, place.start)}<secret>`;
    end = Math.max(end, place.end);
  }
  return concealed + shown.slice(end);
}

/** More than a detail shows. */
const LONGEST_REPLY = 1000;

/** A stretch of the reply that is not to be seen. */
interface Place {
  readonly start: number;
  readonly end: number;
}

/**
 * In lower case character by character, so that every character keeps its place: servers that repeat a command often do
 * so in capitals.
 */
function fold(text: string): string {
  return Array.from(text, (character) => {
    const lower = character.toLowerCase();
    return lower.length === character.length ? lower : character;
  }).join("");
}

/** Wherever the text has the secret, or as long a part of it as no other text would have by chance. */
function echoesOf(secret: string, text: string): readonly Place[] {
  const length = Math.min(secret.length, PART_LENGTH);
  if (length < SHORTEST) return [];
  const parts = new Set(runsOf(secret, length));
  return runsOf(text, length).flatMap((run, start) => (parts.has(run) ? [{ start, end: start + length }] : []));
}

/** Hardly two texts share so many characters in a row, and few bounds that cut lines leave less of a secret. */
const PART_LENGTH = 8;

/** Shorter runs are in too many words that are no secrets. */
const SHORTEST = 4;

/** Every run of so many characters. */
function runsOf(text: string, length: number): readonly string[] {
  const count = Math.max(0, text.length - length + 1);
  return Array.from({ length: count }, (_, start) => text.slice(start, start + length));
}

/**
 * Wherever the text has, as a word of its own, a secret that is short, the beginning of one, or a word of one with
 * blanks: servers split lines at those.
 */
function wordsOf(secret: string, text: string): readonly Place[] {
  if (secret.length < SHORTEST) return placesOf(secret, text);
  const beginnings = [4, 5, 6, 7].map((length) => secret.slice(0, length));
  const words = secret.split(/\s+/u).filter(({ length }) => length >= SHORTEST);
  return [...new Set([...beginnings, ...words])].flatMap((word) => placesOf(word, text));
}

function placesOf(word: string, text: string): readonly Place[] {
  const places: Place[] = [];
  for (let start = text.indexOf(word); start >= 0; start = text.indexOf(word, start + 1)) {
    const place = { start, end: start + word.length };
    if (standsAlone(place, text)) places.push(place);
  }
  return places;
}

function standsAlone({ start, end }: Place, text: string): boolean {
  return !LETTER_OR_DIGIT.test(text.slice(start - 1, start)) && !LETTER_OR_DIGIT.test(text.slice(end, end + 1));
}

const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
