/** What a server can do (RFC 2449): the tags of its capabilities in upper case, each with its parameters. */
export type Capabilities = ReadonlyMap<string, string>;

/** Reads the lines of the answer to CAPA, without the dot at their end; lines without a tag are skipped. */
export function parseCapabilities(lines: readonly string[]): Capabilities {
  return new Map(lines.slice(0, MOST_CAPABILITIES).flatMap(readCapability));
}

/** Servers list a dozen; each becomes a time series. */
const MOST_CAPABILITIES = 50;

/** Tags are short words, the longest that is registered with 15 characters. */
const CAPABILITY = /^(?<tag>[a-z\d][a-z\d_./-]{0,39})(?:[ \t]+(?<parameters>.*))?$/iu;

function readCapability(line: string): readonly (readonly [string, string])[] {
  const { tag, parameters = "" } = CAPABILITY.exec(line.trim())?.groups ?? {};
  return tag === undefined ? [] : [[tag.toUpperCase(), parameters]];
}

/** Whether the server takes this mechanism of SASL (RFC 5034 §3). */
export function offersMechanism(capabilities: Capabilities, mechanism: string): boolean {
  const offered = (capabilities.get("SASL") ?? "").toUpperCase().split(/[ \t]+/u);
  return offered.includes(mechanism);
}
