/** A zone of DNS that answers for the domains that it lists (RFC 5782 §3). */
export interface Blacklist {
  readonly zone: string;
  /** What each listed answer means. */
  readonly codes: ReadonlyMap<string, string>;
  /** What each bit of the last octet means, for zones that answer with several reasons at once. */
  readonly bits: ReadonlyMap<number, string>;
  /** A name that the list always has, to see that it works; absent where none is known. */
  readonly testName: string | undefined;
}

/** What a zone says of a domain; `unavailable` is no word on the domain at all. */
export type Listing =
  | { readonly kind: "clean" }
  | { readonly kind: "listed"; readonly code: string; readonly meaning: string }
  | { readonly kind: "unavailable"; readonly detail: string };

const NO_CODES: ReadonlyMap<string, string> = new Map();
const NO_BITS: ReadonlyMap<number, string> = new Map();

/**
 * Well-known lists, to be named in a module. None is asked unless a module says so: they are free only for small or
 * private use, and refuse to answer public resolvers. Codes by the operators' documentation.
 */
export const SHIPPED_BLACKLISTS: Readonly<Record<string, Blacklist>> = {
  "spamhaus-dbl": {
    zone: "dbl.spamhaus.org",
    codes: new Map([
      ["127.0.1.2", "spam or bad reputation"],
      ["127.0.1.4", "phishing"],
      ["127.0.1.5", "malware"],
      ["127.0.1.6", "command of a botnet"],
      ["127.0.1.102", "abused, for spam"],
      ["127.0.1.103", "abused, as a redirector"],
      ["127.0.1.104", "abused, for phishing"],
      ["127.0.1.105", "abused, for malware"],
      ["127.0.1.106", "abused, by a botnet"],
    ]),
    bits: NO_BITS,
    testName: "dbltest.com",
  },
  surbl: {
    zone: "multi.surbl.org",
    codes: NO_CODES,
    bits: new Map([
      [8, "phishing"],
      [16, "malware"],
      [64, "abuse"],
      [128, "cracked site"],
    ]),
    testName: "test.surbl.org",
  },
  uribl: { zone: "multi.uribl.com", codes: NO_CODES, bits: new Map([[2, "spam"]]), testName: "test.uribl.com" },
};

/**
 * What the addresses mean with which a zone answered. Listed is only what has a code of the list's own table; refusals
 * (127.255.255.x of Spamhaus, 127.0.0.1 of SURBL and URIBL, 127.0.0.255) and anything unknown are no listing.
 */
export function readListing(addresses: readonly string[], { codes, bits }: Blacklist): Listing {
  for (const address of addresses) {
    const meaning = isRefusal(address) ? undefined : (codes.get(address) ?? meaningOfBits(address, bits));
    if (meaning !== undefined && meaning !== "") return { kind: "listed", code: address, meaning };
  }
  const strange = addresses.find((address) => isRefusal(address) || !isInformation(address, bits));
  if (strange === undefined) return { kind: "clean" };
  return { kind: "unavailable", detail: `it answers ${strange}, which is no listing but a refusal or an error` };
}

function isRefusal(address: string): boolean {
  return address === "127.0.0.1" || address === "127.0.0.255" || address.startsWith("127.255.255.");
}

function meaningOfBits(address: string, bits: ReadonlyMap<number, string>): string | undefined {
  if (bits.size === 0 || !address.startsWith("127.0.0.")) return undefined;
  const octet = Number(address.slice("127.0.0.".length));
  return [...bits].flatMap(([bit, meaning]) => ((octet & bit) === 0 ? [] : [meaning])).join(", ");
}

/** With bits, an answer may hold none that counts: a grey list, for instance. */
function isInformation(address: string, bits: ReadonlyMap<number, string>): boolean {
  return bits.size > 0 && address.startsWith("127.0.0.");
}
