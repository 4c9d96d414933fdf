import { startDeadline } from "../../network/deadline.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import type { ProbeContext } from "../../probe/prober.ts";
import { faultOf, NAME_OF_NONE } from "./blacklist-health.ts";
import { type Blacklist, type Listing, readListing } from "./blacklists.ts";
import { DomainLookups, type LookUpOptions } from "./domain-lookups.ts";
import type { Finding } from "./finding.ts";
import { judgeFinding } from "./judge-finding.ts";
import { measureFinding } from "./measure-finding.ts";
import { type Asked, asProbeFailure, type Known } from "./refreshing-cache.ts";
import type { DomainSettings } from "./settings.ts";
import { type Domain, readDomain } from "./target.ts";

/**
 * The registration of a domain, by what its registry last said. A probe never waits longer than it may: a first
 * look-up that goes on after the deadline is `state/pending`.
 */
export async function probeDomain(target: string, settings: DomainSettings, context: ProbeContext): Promise<void> {
  const { rdapServers, whoisServers } = settings.registry;
  const asked = readDomain(target, [...rdapServers.keys(), ...whoisServers.keys()]);
  const state = await lookUp(asked, settings, context);
  const manualExpiry = settings.expiry.get(asked.name);
  measureFinding({ domain: asked, manualExpiry, known: state.known, now: state.now, context });
  measureListings(state.listings, context);
  tell(asked, state, context);
  judgeFinding(usableAnswer(asked, state, settings), {
    name: asked.unicode,
    now: state.now / 1000,
    manualExpiry,
    transferLock: settings.transferLock,
    listings: state.listings,
  });
}

/** What is known at the moment of the verdict. */
interface State {
  /** Unix milliseconds. */
  readonly now: number;
  readonly known: Known<Finding>;
  readonly listings: readonly ListState[];
}

interface ListState {
  readonly zone: string;
  readonly listing: Listing | undefined;
  /** Why the list cannot be believed: empty where it can, undefined where that is not known. */
  readonly fault: string | undefined;
}

interface AskedList {
  readonly blacklist: Blacklist;
  readonly asked: Asked<readonly string[]>;
  readonly none: Asked<readonly string[]>;
  readonly test: Asked<readonly string[]> | undefined;
}

/** Asks for what is known, and waits where that does not suffice and a look-up is under way. */
async function lookUp(asked: Domain, settings: DomainSettings, context: ProbeContext): Promise<State> {
  const options = { settings, module: context.module };
  const lookUps = context.services.get(DomainLookups);
  const asking = settings.blacklists.map((blacklist) => askList(blacklist, { asked, options, lookUps }));
  const [record, ...lists] = await Promise.all([lookUps.find(asked, options), ...asking]);
  const awaited = [
    ...(isUsable(record.known(), { now: lookUps.now(), settings }) ? [] : [record.settled]),
    ...lists
      .flatMap((list) => [list.asked, list.none, ...(list.test === undefined ? [] : [list.test])])
      .filter((question) => question.known().answer === undefined)
      .map((question) => question.settled),
  ];
  if (awaited.length > 0) await context.during("registry", () => waitFor(awaited, context));
  return {
    now: lookUps.now(),
    known: record.known(),
    listings: lists.map(({ blacklist, asked: list, none, test }) => {
      const fault = faultOf({ none: freshAnswer(none.known()), test: freshAnswer(test?.known()) }, blacklist);
      return { zone: blacklist.zone, fault, listing: believable(listingOf(list.known(), blacklist), fault) };
    }),
  };
}

/** Asks a list for the domain, and for names of which it is known whether it has them. */
async function askList(
  blacklist: Blacklist,
  given: { readonly asked: Domain; readonly options: LookUpOptions; readonly lookUps: DomainLookups },
): Promise<AskedList> {
  const { asked, options, lookUps } = given;
  const { testName } = blacklist;
  const [list, none, test] = await Promise.all([
    lookUps.list(asked, blacklist, options),
    lookUps.list({ name: NAME_OF_NONE }, blacklist, options),
    testName === undefined ? undefined : lookUps.list({ name: testName }, blacklist, options),
  ]);
  return { blacklist, asked: list, none, test };
}

/** Where the last question failed, what was answered before it says nothing of the list as it is. */
function freshAnswer(known: Known<readonly string[]> | undefined): readonly string[] | undefined {
  return known?.failure === undefined ? known?.answer?.value : undefined;
}

/** What a list says counts for nothing while it says the same of names that it cannot have, or nothing of its own. */
function believable(listing: Listing | undefined, fault: string | undefined): Listing | undefined {
  return listing === undefined || fault === undefined || fault === ""
    ? listing
    : { kind: "unavailable", detail: fault };
}

/** A list that cannot be asked says nothing: its last word is an hour old at most. */
function listingOf({ answer, failure }: Known<readonly string[]>, blacklist: Blacklist): Listing | undefined {
  if (failure !== undefined) return { kind: "unavailable", detail: failure.detail };
  return answer === undefined ? undefined : readListing(answer.value, blacklist);
}

/** Until shortly before the deadline, so that there is time to say that it goes on. */
async function waitFor(awaited: readonly Promise<void>[], context: ProbeContext): Promise<void> {
  using patience = startDeadline({ seconds: context.secondsLeft() * 0.9, signal: context.signal });
  const over = Promise.withResolvers<void>();
  patience.signal.addEventListener("abort", () => over.resolve(), { once: true });
  await Promise.race([Promise.all(awaited), over.promise]);
}

/** Neither too old, nor from before a day on which the domain should have expired: it may have been renewed since. */
function isUsable(
  { answer }: Known<Finding>,
  { now, settings }: { readonly now: number; readonly settings: DomainSettings },
): boolean {
  if (answer === undefined) return false;
  if (now - answer.answeredAt > settings.maxAgeSeconds * 1000) return false;
  const expiresAt = answer.value.kind === "registered" ? answer.value.record.expiresAt : undefined;
  if (expiresAt === undefined) return true;
  return answer.answeredAt >= expiresAt * 1000 || now < expiresAt * 1000;
}

/** The answer to judge; throws why there is none. */
function usableAnswer(asked: Domain, { now, known }: State, settings: DomainSettings): Finding {
  const { answer, failure } = known;
  if (answer !== undefined && isUsable(known, { now, settings })) return answer.value;
  if (failure !== undefined) throw asProbeFailure(failure);
  const detail = `The look-up of ${asked.unicode} goes on; its result is for the next probe`;
  throw new ProbeFailure("state/pending", { detail });
}

function measureListings(listings: State["listings"], context: ProbeContext): void {
  for (const { zone, listing, fault } of listings) {
    if (fault !== undefined) context.measure("probe_domain_blacklist_up", fault === "" ? 1 : 0, { zone });
    if (listing === undefined) continue;
    context.measure("probe_domain_blacklist_available", listing.kind === "unavailable" ? 0 : 1, { zone });
    if (listing.kind === "unavailable") {
      context.log("warn", "Blacklist says nothing", { zone, detail: listing.detail });
      continue;
    }
    context.measure("probe_domain_blacklisted", listing.kind === "listed" ? 1 : 0, { zone });
    if (listing.kind !== "listed") continue;
    const { code, meaning } = listing;
    context.measure("probe_domain_blacklist_listing_info", 1, { zone, code, listing: meaning });
  }
}

function tell(asked: Domain, { known }: State, context: ProbeContext): void {
  const { answer, failure } = known;
  context.log("info", "Registrable domain", { domain: asked.name, unicode: asked.unicode });
  if (failure !== undefined) {
    const retry = new Date(failure.retryAt).toISOString();
    context.log("warn", "Last look-up failed", { detail: failure.detail, failures: failure.count, retry });
  }
  if (answer === undefined) return;
  const answered = new Date(answer.answeredAt).toISOString();
  const next = new Date(answer.refreshAt).toISOString();
  context.log("info", "Answer of the registry", { kind: answer.value.kind, answered, next });
  if (answer.value.kind !== "registered") return;
  const { source, server, statuses, expiresAt } = answer.value.record;
  const expires = expiresAt === undefined ? "not published" : new Date(expiresAt * 1000).toISOString();
  context.log("info", "Record of the domain", { source, server, expires, statuses: statuses.join(", ") });
}
