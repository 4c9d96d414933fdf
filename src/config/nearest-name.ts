/** The candidate that a misspelt name most likely means, or undefined where none is close. */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  const tolerated = Math.min(3, Math.floor(name.length / 3) + 1);
  const ranked = candidates
    .filter((candidate) => Math.abs(candidate.length - name.length) <= tolerated)
    .map((candidate) => ({ candidate, distance: distanceBetween(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= tolerated)
    .toSorted((first, second) => first.distance - second.distance);
  return ranked[0]?.candidate;
}

/** How many letters must be inserted, removed or replaced (Levenshtein); both names are short here. */
function distanceBetween(first: string, second: string): number {
  let row = Array.from({ length: second.length + 1 }, (_, index) => index);
  for (const [index, letter] of first.split("").entries()) {
    const next = [index + 1];
    for (const [column, other] of second.split("").entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
