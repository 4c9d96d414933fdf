/**
 * A reply without words that are secrets or hold a piece of one, for a server may repeat what it was sent, also cut off
 * or in another case. Only the beginning of a reply is worth showing, and only that is looked at.
 */
export function concealSecrets(reply: string, secrets: readonly string[]): string {
  const shown = reply.slice(0, LONGEST_REPLY);
  if (secrets.length === 0) return shown;
  const whole = new Set(secrets.map((secret) => secret.toLowerCase()));
  const pieces = new Set([...whole].flatMap(piecesOf));
  return shown.replaceAll(/\S+/gu, (word) => {
    const [bare, found] = [word.toLowerCase().replaceAll(/^[<>"'()[\]]+|[<>"'()[\].,;:]+$/gu, ""), word.toLowerCase()];
    return whole.has(bare) || piecesOf(found).some((piece) => pieces.has(piece)) ? "<secret>" : word;
  });
}

/** More than a detail shows. */
const LONGEST_REPLY = 1000;

/** Shorter ones are in too many words that are no secrets. */
const PIECE_LENGTH = 4;

/** Every run of so many characters. */
function piecesOf(text: string): readonly string[] {
  const count = Math.max(0, text.length - PIECE_LENGTH + 1);
  return Array.from({ length: count }, (_, start) => text.slice(start, start + PIECE_LENGTH));
}
