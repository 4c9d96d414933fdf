import { domainToASCII } from "node:url";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { type DomainRecord, type Finding, labelText, MOST_NAME_SERVERS } from "./finding.ts";
import { isPlausibleExpiry } from "./plausible-expiry.ts";
import { readDate } from "./read-date.ts";
import { normaliseStatuses } from "./statuses.ts";
import { readWhoisFields, type WhoisFields } from "./whois-fields.ts";
import { readWhoisRefusal } from "./whois-phrases.ts";

export interface WhoisAnswer {
  readonly text: string;
  readonly server: string;
  /** The domain that was asked for. */
  readonly name: string;
  readonly topLevel: string;
  /** Unix seconds. */
  readonly now: number;
}

/**
 * What a WHOIS answer says of the domain. Throws `ProbeFailure` `registry/unavailable` where the server refuses to
 * answer, `registry/unreadable` where nothing can be made of it.
 */
export function readWhoisAnswer(answer: WhoisAnswer): Finding {
  const fields = readWhoisFields(answer.text);
  const record = recordIn(fields, answer);
  if (record !== undefined) return { kind: "registered", record };
  const refusal = readWhoisRefusal(answer.text, answer);
  if (refusal === "not-found") return { kind: "not-registered", source: "whois", server: answer.server };
  if (refusal !== undefined) throw refused(answer, refusal);
  const start = labelText(answer.text.trim());
  throw unreadable(start === "" ? "it is empty" : `it holds no record: ${JSON.stringify(start)}`);
}

const DOMAIN_KEYS = ["domain name", "domain", "domainname", "ドメイン名"];

/** The registry's word before the registrar's. A "free date" is when the domain is deleted, "registered" when it began. */
const EXPIRY_KEYS = [
  "registry expiry date",
  "registry expiration date",
  "expiry date",
  "expiration date",
  "expiration time",
  "expire date",
  "expires",
  "expires on",
  "expires at",
  "expire",
  "expiry",
  "exp date",
  "valid until",
  "valid to",
  "paid till",
  "renewal date",
  "renewal",
  "validity",
  "record expires on",
  "record will expire on",
  "domain expires",
  "domain expiration date",
  "expired",
  "domain expired",
  "record expired",
  "ok until",
  "有効期限",
];
const REGISTRAR_EXPIRY_KEYS = ["registrar registration expiration date"];
const REGISTRATION_KEYS = [
  "creation date",
  "created",
  "created on",
  "created date",
  "domain registration date",
  "registration date",
  "registration time",
  "registered on",
  "registered date",
  "registered",
  "domain record activated",
  "domain created",
  "record created",
  "record created on",
  "assigned",
  "登録年月日",
];
const CHANGE_KEYS = [
  "updated date",
  "last updated date",
  "last updated on",
  "last updated",
  "last update",
  "last modified",
  "modified",
  "modified date",
  "changed",
  "domain record last updated",
  "record last modified",
  "最終更新",
];
const STATUS_KEYS = ["domain status", "status", "epp status", "state", "状態", "ステータス"];
const REGISTRAR_KEYS = ["registrar", "registrar name", "sponsoring registrar", "registrar organization"];
const NAME_SERVER_KEYS = [
  "name server",
  "name servers",
  "nameserver",
  "nameservers",
  "nserver",
  "domain nameservers",
  "domain servers in listed order",
  "host name",
  "primary server",
  "secondary server",
  "ネームサーバ",
];
const DNSSEC_KEYS = ["dnssec", "secure dns", "ds rdata", "ds record", "署名鍵"];

/** Undefined where there is none: a domain without a date, a registrar, a name server and a status is not on record. */
function recordIn(fields: WhoisFields, answer: WhoisAnswer): DomainRecord | undefined {
  const statuses = fields.all(STATUS_KEYS);
  const nameServers = nameServersIn(fields);
  const registrar = labelText(fields.first(REGISTRAR_KEYS) ?? "");
  const dates = datesIn(fields, answer);
  const isFree = statuses.some((status) => FREE.test(status));
  const words = [...Object.values(dates), registrar || undefined, nameServers[0], statuses[0]];
  if (isFree || words.every((word) => word === undefined)) return undefined;
  requireSameDomain(fields, answer.name);
  return {
    source: "whois",
    server: answer.server,
    ...dates,
    statuses: [...normaliseStatuses(statuses.flatMap((status) => status.split(/,|;| \/ /u)))],
    registrar: registrar === "" ? undefined : registrar,
    registrarIanaId: fields.first(["registrar iana id"])?.slice(0, 20),
    nameServers: [...nameServers],
    dnssec: dnssecIn(fields),
  };
}

/** A status that is none: the domain is not there. */
const FREE = /^(?:free|available|unregistered|(?:no (?:such )?object|not) (?:found|registered))\b/iu;

function datesIn(
  fields: WhoisFields,
  { topLevel, now }: WhoisAnswer,
): Pick<DomainRecord, "expiresAt" | "registrarExpiresAt" | "registeredAt" | "changedAt"> {
  const read = (keys: readonly string[]): number | undefined => {
    const text = fields.earliest(keys);
    return text === undefined ? undefined : readDate(dateIn(text), { topLevel });
  };
  const registeredAt = read(REGISTRATION_KEYS);
  const written = fields.first(EXPIRY_KEYS) ?? expiryInStatus(fields);
  const expiresAt = written === undefined ? undefined : readDate(dateIn(written), { topLevel });
  if (written !== undefined && isDate(written) && expiresAt === undefined) {
    throw unreadable(`its expiry is in no known layout of .${topLevel}: ${JSON.stringify(written.slice(0, 60))}`);
  }
  if (expiresAt !== undefined && !isPlausibleExpiry(expiresAt, { now, registeredAt })) {
    throw unreadable(`its expiry is not plausible: ${JSON.stringify(written?.slice(0, 60))}`);
  }
  return { expiresAt, registrarExpiresAt: read(REGISTRAR_EXPIRY_KEYS), registeredAt, changedAt: read(CHANGE_KEYS) };
}

/** `Connected (2027/03/31)` of .jp, and `OK-UNTIL 20270331120000` of .ua: the status holds the date. */
function expiryInStatus(fields: WhoisFields): string | undefined {
  const statuses = fields.all(STATUS_KEYS);
  const found = statuses.map((status) =>
    /(?:\((?<slashed>\d{4}\/\d{2}\/\d{2})\)|ok-until\s+(?<compact>\d{8,14}))/iu.exec(status),
  );
  const groups = found.find((match) => match !== null)?.groups;
  return groups?.["slashed"] ?? groups?.["compact"];
}

/** Remarks around a date: `before Aug-1996`, `2027-03-31 (registrar's)` stay; `Not defined` and `N/A` hold no digit. */
function isDate(text: string): boolean {
  return /\d{2}/u.test(text);
}

/** A range, `(1999-01-01 - 2027-01-01)`, ends with what is wanted; a layout in letters may follow. The rest is the date. */
function dateIn(text: string): string {
  return text
    .replace(/^\(?\d{4}-\d{2}-\d{2}\s+-\s+/u, "")
    .replace(/\s*\([YMD/.-]+\)$/iu, "")
    .trim();
}

function requireSameDomain(fields: WhoisFields, name: string): void {
  const written = fields.first(DOMAIN_KEYS)?.split(/\s/u)[0]?.replace(/\.$/u, "");
  // A key "domain" may hold the top-level domain alone; a name without a dot is no registrable domain.
  if (written === undefined || !written.includes(".")) return;
  if (domainToASCII(written) === name) return;
  throw unreadable(`it is about ${JSON.stringify(written.slice(0, 100))}`);
}

function nameServersIn(fields: WhoisFields): readonly string[] {
  const names = fields.all(NAME_SERVER_KEYS).flatMap((value) => {
    const name = value.toLowerCase().split(/[\s,]/u)[0]?.replace(/\.$/u, "") ?? "";
    return HOST.test(name) ? [name] : [];
  });
  return [...new Set(names)].slice(0, MOST_NAME_SERVERS).toSorted();
}

const HOST = /^(?=.{4,100}$)[a-z0-9_-]+(?:\.[a-z0-9_-]+)+$/u;

function dnssecIn(fields: WhoisFields): boolean | undefined {
  const text = fields.first(DNSSEC_KEYS)?.toLowerCase();
  if (text === undefined || !/[a-z0-9]/u.test(text) || /^(?:n\/a|unknown)\b/u.test(text)) return undefined;
  return !/^(?:unsigned|no|n|inactive|none|not|disabled|0)\b/u.test(text);
}

function refused({ server }: WhoisAnswer, refusal: "too-many" | "refused"): ProbeFailure {
  const what = refusal === "too-many" ? "has been asked too often" : "does not answer this client";
  return new ProbeFailure("registry/unavailable", { detail: `The WHOIS server ${server} ${what}` });
}

function unreadable(what: string): ProbeFailure {
  return new ProbeFailure("registry/unreadable", { detail: `The WHOIS answer cannot be used: ${what}` });
}
