import type { Data } from "./response.ts";

/** What a server can do (RFC 3501 §7.2.1), in upper case. */
export type Capabilities = ReadonlySet<string>;

/** What the data lists; undefined where none of it is a list of capabilities. What is no name of one is left out. */
export function readCapabilities(data: readonly Data[]): Capabilities | undefined {
  const listed = data.findLast(({ name }) => name === "CAPABILITY");
  if (listed === undefined) return undefined;
  const names = listed.tokens.filter((token) => typeof token === "string" && CAPABILITY.test(token));
  return new Set(names.slice(0, MOST_CAPABILITIES).map((name) => String(name).toUpperCase()));
}

/** The longest that are registered have about thirty characters; some carry a value, as in `APPENDLIMIT=35651584`. */
const CAPABILITY = /^[\u0021-\u007e]{1,64}$/u;

/** Large servers list sixty; each becomes a time series. */
const MOST_CAPABILITIES = 100;
