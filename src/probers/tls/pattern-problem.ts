/** Paths are shorter than that on every system. */
const LONGEST_PATTERN = 1024;

/** Every alternative is a pattern of its own. */
const MOST_BRACES = 2;
const MOST_COMMAS = 20;

/** Matching takes time that grows with the length of a name to the power of its stars. */
const MOST_STARS_IN_A_NAME = 3;
const MOST_TREES = 2;

/**
 * Why a pattern of files is not looked for; undefined where it may be. Whoever may scrape writes it, and the library
 * that expands it has no limits: ten characters are enough to keep it busy for hours.
 */
export function patternProblem(pattern: string): string | undefined {
  if (pattern.length > LONGEST_PATTERN) return `Expected a pattern of at most ${LONGEST_PATTERN} characters`;
  if (/[!?*+@]\(/u.test(pattern)) return "Expected a pattern of *, ?, [] and {}, found groups in round brackets";
  const names = pattern.split("/");
  if (names.filter((name) => name === "**").length > MOST_TREES) return `Expected at most ${MOST_TREES} times **`;
  if (names.some((name) => name !== "**" && count(name, "*") > MOST_STARS_IN_A_NAME)) {
    return `Expected at most ${MOST_STARS_IN_A_NAME} stars in one name`;
  }
  if (!pattern.includes("{")) return undefined;
  if (pattern.includes("..")) return "Expected alternatives in braces such as {a,b}, found a range";
  if (count(pattern, "{") <= MOST_BRACES && count(pattern, ",") <= MOST_COMMAS) return undefined;
  return `Expected at most ${MOST_BRACES} pairs of braces with ${MOST_COMMAS} commas`;
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
