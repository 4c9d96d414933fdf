import { domainToASCII } from "node:url";
import { z } from "zod";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { type DomainRecord, labelText, MOST_NAME_SERVERS } from "./finding.ts";
import { isPlausibleExpiry } from "./plausible-expiry.ts";
import { readDate } from "./read-date.ts";
import { normaliseStatuses } from "./statuses.ts";

const text = z.string().optional().catch(undefined);

const entity = z.object({
  roles: z.array(z.string()).catch([]),
  handle: text,
  vcardArray: z.array(z.unknown()).catch([]),
  publicIds: z.array(z.object({ type: text, identifier: text })).catch([]),
});

/** The members of RFC 9083 §5.3 that are used; whatever else is there, or is of another shape, is passed over. */
const domainObject = z.object({
  objectClassName: z.literal("domain"),
  ldhName: text,
  unicodeName: text,
  events: z.array(z.object({ eventAction: text, eventDate: text }).catch({})).catch([]),
  status: z.array(z.string().catch("")).catch([]),
  nameservers: z.array(z.object({ ldhName: text }).catch({})).catch([]),
  secureDNS: z.object({ delegationSigned: z.boolean().optional() }).optional().catch(undefined),
  entities: z.array(entity.catch({ roles: [], handle: undefined, vcardArray: [], publicIds: [] })).catch([]),
});

type DomainObject = z.output<typeof domainObject>;

export interface RdapAnswer {
  readonly body: Uint8Array;
  readonly server: string;
  /** The domain that was asked for. */
  readonly name: string;
  readonly topLevel: string;
  /** Unix seconds. */
  readonly now: number;
}

/** The record in an RDAP answer. Throws `ProbeFailure` `registry/unreadable` for anything but that domain's record. */
export function readRdapRecord(answer: RdapAnswer): DomainRecord {
  const found = domainObject.safeParse(parseJson(answer.body));
  if (!found.success) throw unreadable("it is no object of class domain");
  const object = found.data;
  requireSameDomain(object, answer.name);
  const registeredAt = eventDate(object, "registration", answer);
  const expiresAt = eventDate(object, "expiration", answer);
  if (expiresAt !== undefined && !isPlausibleExpiry(expiresAt, { now: answer.now, registeredAt })) {
    throw unreadable(`its expiry is not plausible: ${new Date(expiresAt * 1000).toISOString()}`);
  }
  const registrar = object.entities.find(({ roles }) => roles.includes("registrar"));
  return {
    source: "rdap",
    server: answer.server,
    expiresAt,
    registrarExpiresAt: eventDate(object, "registrar expiration", answer),
    registeredAt,
    changedAt: eventDate(object, "last changed", answer),
    statuses: [...normaliseStatuses(object.status)],
    registrar: registrar === undefined ? undefined : registrarName(registrar),
    registrarIanaId: registrar?.publicIds.find(({ type }) => /iana/iu.test(type ?? ""))?.identifier?.slice(0, 20),
    nameServers: nameServersOf(object),
    dnssec: object.secureDNS?.delegationSigned,
  };
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch (error) {
    throw unreadable("it is no JSON", error);
  }
}

/** Some servers answer every question with the same object, others with the nearest domain that exists. */
function requireSameDomain({ ldhName, unicodeName }: DomainObject, name: string): void {
  const found = domainToASCII((ldhName ?? unicodeName ?? "").replace(/\.$/u, ""));
  if (found === name) return;
  throw unreadable(`it is about ${JSON.stringify(found.slice(0, 100))}`);
}

/** Compared exactly: "registrar expiration" and "reregistration" are other events (RFC 9083 §10.2.3). */
function eventDate({ events }: DomainObject, action: string, { topLevel }: RdapAnswer): number | undefined {
  const event = events.find(({ eventAction }) => eventAction?.toLowerCase() === action);
  // Some registries leave a date empty that they do not publish.
  if (event?.eventDate === undefined || event.eventDate.trim() === "") return undefined;
  const seconds = readDate(event.eventDate, { topLevel });
  if (seconds === undefined && action === "expiration") {
    throw unreadable(`its expiry is no date: ${JSON.stringify(event.eventDate.slice(0, 60))}`);
  }
  return seconds;
}

/** The `fn` of a jCard (RFC 7095 §3.3), or the handle where there is none. */
function registrarName({ vcardArray, handle }: z.output<typeof entity>): string | undefined {
  const [, properties] = vcardArray;
  const names = Array.isArray(properties)
    ? properties.flatMap((property): readonly string[] =>
        Array.isArray(property) && property[0] === "fn" && typeof property[3] === "string" ? [property[3]] : [],
      )
    : [];
  const name = labelText(names[0] ?? handle ?? "");
  return name === "" ? undefined : name;
}

function nameServersOf({ nameservers }: DomainObject): string[] {
  const names = nameservers.flatMap(({ ldhName }) => (ldhName === undefined ? [] : [hostName(ldhName)]));
  return [...new Set(names)].slice(0, MOST_NAME_SERVERS).toSorted();
}

function hostName(written: string): string {
  return labelText(written.toLowerCase().replace(/\.$/u, ""));
}

function unreadable(what: string, cause?: unknown): ProbeFailure {
  return new ProbeFailure("registry/unreadable", { detail: `The RDAP answer cannot be used: ${what}`, cause });
}
