import type { WhoisServer } from "./settings.ts";
import { readWhoisFields } from "./whois-fields.ts";

const SERVER = /^(?:r?whois:\/\/)?(?<host>[a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::(?<port>\d{1,5}))?\/?$/iu;

/** The server to which an answer without a record refers, as IANA's do for a top-level domain; undefined where there is none. */
export function findReferral(text: string): WhoisServer | undefined {
  const fields = readWhoisFields(text);
  const written = fields.first(["refer", "whois", "referralserver"]);
  // A record may name the registrar's server as well: the registry's own word is enough.
  const isRecord = fields.first(["registrar", "domain status", "expiry date", "registry expiry date"]) !== undefined;
  const { host, port } = (isRecord ? undefined : SERVER.exec(written ?? "")?.groups) ?? {};
  const number = Number(port ?? "43");
  if (host === undefined || number < 1 || number > 65_535) return undefined;
  return { host: host.toLowerCase(), port: number };
}
