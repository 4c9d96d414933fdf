/** What a server offers, by its reply to EHLO (RFC 5321 §4.1.1.1). */
export interface Capabilities {
  /** The keywords in upper case with their parameters, in the order of the reply. */
  readonly keywords: ReadonlyMap<string, string>;
  /** The mechanisms of AUTH in upper case. */
  readonly mechanisms: readonly string[];
  /** The largest message in bytes (RFC 1870 §3); undefined where the server names no limit. */
  readonly sizeLimitBytes: number | undefined;
}

/** What a server offers that knows no EHLO. */
export const NO_CAPABILITIES: Capabilities = { keywords: new Map(), mechanisms: [], sizeLimitBytes: undefined };

/** Reads the text of the lines of the reply to EHLO; the first is the greeting, and lines without a keyword are skipped. */
export function parseCapabilities(lines: readonly string[]): Capabilities {
  const entries = lines.slice(1, MOST_KEYWORDS + 1).flatMap(readKeyword);
  const keywords = new Map(entries);
  return {
    keywords,
    mechanisms: mechanismsOf(entries),
    sizeLimitBytes: sizeOf(keywords.get("SIZE")),
  };
}

/** Servers offer a dozen; each becomes a time series. */
const MOST_KEYWORDS = 50;

/** RFC 5321 sets no limit to a keyword; the longest that is registered has 19 characters. */
const KEYWORD = /^(?<keyword>[a-z\d][a-z\d-]{0,39})(?:[ =](?<parameters>.*))?$/iu;

function readKeyword(line: string): readonly (readonly [string, string])[] {
  const { keyword, parameters = "" } = KEYWORD.exec(line.trim())?.groups ?? {};
  return keyword === undefined ? [] : [[keyword.toUpperCase(), parameters.trim()]];
}

/** Old servers repeat the mechanisms as `AUTH=LOGIN`, for clients that are older still. */
function mechanismsOf(entries: readonly (readonly [string, string])[]): readonly string[] {
  const offered = entries.filter(([keyword]) => keyword === "AUTH").flatMap(([, names]) => names.split(/[\s=]+/u));
  return [...new Set(offered.map((name) => name.toUpperCase()))].filter((name) => name !== "");
}

/** 0 stands for no fixed limit. */
function sizeOf(parameters: string | undefined): number | undefined {
  const size = /^\d{1,15}$/u.test(parameters ?? "") ? Number(parameters) : 0;
  return size > 0 ? size : undefined;
}
