import { type Blacklist, type Listing, readListing } from "./blacklists.ts";

/** The name that no list has (RFC 5782 §5): a list that has it has everything, as abandoned ones do. */
export const NAME_OF_NONE = "invalid";

/** What a list answered about names of which it is known whether it has them; absent where it gave no answer. */
export interface HealthAnswers {
  readonly none: readonly string[] | undefined;
  readonly test: readonly string[] | undefined;
}

/** Why a list cannot be believed: empty where it can, undefined where that is not known. */
export function faultOf({ none, test }: HealthAnswers, blacklist: Blacklist): string | undefined {
  const [noneListing, testListing] = [none, test].map((answer) => listingOf(answer, blacklist));
  if (noneListing?.kind === "listed") return `it lists every name, even ${NAME_OF_NONE}`;
  if (testListing?.kind === "clean") return `it does not list ${blacklist.testName ?? ""}, with which it is tested`;
  const isKnown = noneListing?.kind === "clean" && (blacklist.testName === undefined || testListing?.kind === "listed");
  return isKnown ? "" : undefined;
}

function listingOf(answer: readonly string[] | undefined, blacklist: Blacklist): Listing | undefined {
  return answer === undefined ? undefined : readListing(answer, blacklist);
}
