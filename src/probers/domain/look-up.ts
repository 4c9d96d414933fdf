import { classify } from "../../network/classify.ts";
import type { Failure } from "../../outcome/outcome.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { type HttpAnswer, type HttpGetOptions, httpGet } from "../../probe/http-get.ts";
import type { Finding } from "./finding.ts";
import { hasNameServers } from "./has-name-servers.ts";
import type { Line } from "./line.ts";
import { readRdapRecord } from "./rdap-record.ts";
import { Paused, type RegistryQueue } from "./registry-queue.ts";
import { readRetryAfter } from "./retry-after.ts";
import type { Source, WhoisServer } from "./settings.ts";
import type { Domain } from "./target.ts";
import { askWhois } from "./whois-ask.ts";
import { readWhoisAnswer } from "./whois-record.ts";
import { findReferral } from "./whois-referral.ts";
import { whoisQuery } from "./whois-servers.ts";
import { withinTime } from "./within-time.ts";

/** A look-up of one domain: where to ask, and in what order others wait for the same servers. */
export interface Inquiry {
  readonly domain: Domain;
  readonly line: Line;
  readonly queue: RegistryQueue;
  readonly now: () => number;
  /** The base URL of the registry's RDAP server; undefined where it has none. */
  readonly rdapServer: () => Promise<string | undefined>;
  readonly whoisServer: () => Promise<WhoisServer | undefined>;
}

/** Asks the sources in turn until one answers. Throws what the last one said, or the one that came closest. */
export async function lookUpDomain(inquiry: Inquiry): Promise<Finding> {
  const failures: unknown[] = [];
  for (const source of inquiry.line.settings.sources) {
    const finding = await askSource(source, inquiry).catch((error: unknown) => void failures.push(error));
    if (finding !== undefined) return finding;
    inquiry.line.signal.throwIfAborted();
  }
  throw gravest(failures, inquiry);
}

/** A domain that DNS delegates is registered, whatever its registry says for the moment: another source may know it. */
async function askSource(source: Source, inquiry: Inquiry): Promise<Finding | undefined> {
  const finding = await ASK[source](inquiry);
  if (finding?.kind !== "not-registered") return finding;
  const { domain, line } = inquiry;
  if ((await hasNameServers(domain.name, line)) !== true) return finding;
  const detail = `${finding.server} says that ${domain.unicode} is not registered, but DNS has name servers for it`;
  throw new ProbeFailure("registry/unreadable", { detail });
}

/** Each yields undefined, without a failure, where the registry has no server of its kind. */
const ASK: Readonly<Record<Source, (inquiry: Inquiry) => Promise<Finding | undefined>>> = {
  rdap: askRdap,
  whois: askWhoisServers,
};

/**
 * An answer that cannot be read is closer to the truth than none; a registry that wants a pause says for how long. Told
 * is what every source said.
 */
function gravest(failures: readonly unknown[], { domain }: Inquiry): unknown {
  const paused = failures.find((failure) => failure instanceof Paused);
  const unreadable = failures.find((failure) => failure instanceof ProbeFailure && UNREADABLE.has(failure.outcome));
  const chosen = unreadable ?? paused ?? failures[0];
  if (chosen === undefined) {
    const detail = `No registry of .${domain.topLevel} is known that answers by RDAP or WHOIS`;
    return new ProbeFailure("registry/unavailable", { detail });
  }
  if (failures.length === 1 || !(chosen instanceof ProbeFailure) || chosen instanceof Paused) return chosen;
  const detail = failures.map((failure) => classify("exchange", failure).detail).join("; ");
  return new ProbeFailure(chosen.outcome, { detail, cause: chosen });
}

/** What a step says of an answer that came and is no good; of one that is too long, for instance. */
const UNREADABLE: ReadonlySet<Failure> = new Set<Failure>(["registry/unreadable", "exchange/malformed"]);

/** Records take a few kilobytes. */
const LARGEST_RECORD_BYTES = 1024 * 1024;

async function askRdap(inquiry: Inquiry): Promise<Finding | undefined> {
  const { domain, now } = inquiry;
  const base = await inquiry.rdapServer();
  if (base === undefined) return undefined;
  const url = new URL(`${base}domain/${domain.name}`);
  return naming(url.host, async () => {
    const answer = await inTurn(url.host, inquiry, (line) => httpGet(url, RDAP_REQUEST, line));
    if (answer.status === 404) return { kind: "not-registered", source: "rdap", server: url.host };
    requireAnswer(answer, { server: url.host, inquiry });
    const { name, topLevel } = domain;
    const record = readRdapRecord({ body: answer.body, server: url.host, name, topLevel, now: now() / 1000 });
    return { kind: "registered", record };
  });
}

const RDAP_REQUEST: HttpGetOptions = {
  accept: "application/rdap+json, application/json;q=0.9",
  mostBytes: LARGEST_RECORD_BYTES,
};

function requireAnswer(
  { status, retryAfter }: HttpAnswer,
  { server, inquiry }: { readonly server: string; readonly inquiry: Inquiry },
): void {
  if (status === 200) return;
  const isBusy = status === 429 || (status === 503 && retryAfter !== undefined);
  if (isBusy) {
    const seconds = readRetryAfter(retryAfter, inquiry.now());
    inquiry.queue.pause(server, seconds);
    throw new Paused(server, seconds);
  }
  const outcome = status >= 500 || status === 403 || status === 401 ? "registry/unavailable" : "registry/unreadable";
  throw new ProbeFailure(outcome, { detail: `The RDAP server ${server} answered with HTTP status ${status}` });
}

/** WHOIS has no redirects, but some servers name a better one; honest chains have one link or two. */
const MOST_REFERRALS = 3;

async function askWhoisServers(inquiry: Inquiry): Promise<Finding | undefined> {
  const { domain, now } = inquiry;
  let server = await inquiry.whoisServer();
  if (server === undefined) return undefined;
  const asked = new Set<string>();
  while (asked.size <= MOST_REFERRALS) {
    const current: WhoisServer = server;
    const name = nameOf(current);
    if (asked.has(name)) break;
    asked.add(name);
    const text = await naming(name, () =>
      inTurn(name, inquiry, (line) => askWhois(whoisQuery(domain.name, current), { server: current, line })),
    );
    const referral = findReferral(text);
    if (referral === undefined) {
      const answer = { text, server: current.host, name: domain.name, topLevel: domain.topLevel, now: now() / 1000 };
      return naming(name, () => readWhoisAnswer(answer));
    }
    server = referral;
  }
  const detail = `The WHOIS servers ${[...asked].join(", ")} refer to each other`;
  throw new ProbeFailure("registry/unreadable", { detail });
}

/** Waits for one's turn, then works within the time that one look-up may take. */
async function inTurn<T>(server: string, inquiry: Inquiry, work: (line: Line) => Promise<T>): Promise<T> {
  const { line, queue } = inquiry;
  const intervalSeconds = line.settings.queryIntervalSeconds;
  await queue.turn(server, { intervalSeconds, signal: line.signal });
  return withinTime(server, line, work);
}

/** Whoever failed is named in the detail: a person has to know whom to ask. */
async function naming<T>(server: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { outcome, detail } = classify("exchange", error);
    if (error instanceof Paused || detail.includes(server)) throw error;
    throw new ProbeFailure(outcome, { detail: `${server}: ${detail}`, cause: error });
  }
}

/** The host alone where the port is the usual one. */
function nameOf({ host, port }: WhoisServer): string {
  return port === 43 ? host : `${host}:${port}`;
}
