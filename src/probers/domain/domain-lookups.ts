import { z } from "zod";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import type { ProbeContext } from "../../probe/prober.ts";
import type { ServiceEnvironment } from "../../probe/services.ts";
import { askBlacklist } from "./ask-blacklist.ts";
import type { Blacklist } from "./blacklists.ts";
import { type Finding, findingSchema } from "./finding.ts";
import type { Line } from "./line.ts";
import { lookUpDomain } from "./look-up.ts";
import { fetchBootstrap, type RdapTable, rdapTable } from "./rdap-bootstrap.ts";
import { KNOWN_RDAP_SERVERS, UNUSABLE_RDAP } from "./rdap-servers.ts";
import { type Asked, type Known, RefreshingCache } from "./refreshing-cache.ts";
import { RegistryQueue } from "./registry-queue.ts";
import type { DomainSettings, WhoisServer } from "./settings.ts";
import { stateOf } from "./statuses.ts";
import type { Domain } from "./target.ts";
import { askWhois } from "./whois-ask.ts";
import { findReferral } from "./whois-referral.ts";
import { KNOWN_WHOIS_SERVERS } from "./whois-servers.ts";
import { withinTime } from "./within-time.ts";

/** Whose look-up it is: the module decides where and how to ask. */
export interface LookUpOptions {
  readonly settings: DomainSettings;
  readonly module: ProbeContext["module"];
}

const DAY_SECONDS = 24 * 3600;

/** A domain that is about to expire, or in a state that does not last, is looked at four times a day at least. */
const CLOSE_LOOK_SECONDS = 6 * 3600;
const SOON_SECONDS = 30 * DAY_SECONDS;

/** IANA changes its file every few days, and asks to be asked rarely. */
const BOOTSTRAP_SECONDS = DAY_SECONDS;
const DISCOVERY_SECONDS = 7 * DAY_SECONDS;

const addressesSchema: z.ZodType<readonly string[]> = z.array(z.string());
const whoisServerSchema = z.object({ server: z.object({ host: z.string(), port: z.number() }).optional() });
type Discovery = Readonly<{ server?: WhoisServer | undefined }>;

/** The look-ups of all probes: one answer for each domain, one line for each registry. */
export class DomainLookups {
  readonly #environment: ServiceEnvironment;
  readonly #queue: RegistryQueue;
  readonly #domains: RefreshingCache<Finding>;
  readonly #listings: RefreshingCache<readonly string[]>;
  readonly #bootstraps: RefreshingCache<RdapTable>;
  readonly #discoveries: RefreshingCache<Discovery>;

  constructor(environment: ServiceEnvironment) {
    const { clock, store } = environment;
    this.#environment = environment;
    this.#queue = new RegistryQueue(clock);
    this.#domains = new RefreshingCache({ clock, store: store.namespace("domain"), value: findingSchema });
    this.#listings = new RefreshingCache({ clock, store: store.namespace("domain-listing"), value: addressesSchema });
    this.#bootstraps = new RefreshingCache({ clock, store: store.namespace("rdap-bootstrap"), value: rdapTable });
    this.#discoveries = new RefreshingCache({
      clock,
      store: store.namespace("whois-server"),
      value: whoisServerSchema,
    });
  }

  /** How many look-ups are under way. */
  get running(): number {
    return this.#domains.running;
  }

  /** Unix milliseconds, by the clock that answers are timed with. */
  now(): number {
    return this.#environment.clock.now();
  }

  /** What the registry says of the domain. */
  find(domain: Domain, options: LookUpOptions): Promise<Asked<Finding>> {
    const { registry, refreshSeconds } = options.settings;
    return this.#domains.ask(`${domain.name} ${registry.fingerprint}`, {
      work: async (known) => doubted(await this.#lookUp(domain, options), known),
      freshFor: (finding) => this.#freshness(finding, refreshSeconds),
    });
  }

  /** With which addresses a blacklist answers for a name. */
  list(domain: Pick<Domain, "name">, blacklist: Blacklist, options: LookUpOptions): Promise<Asked<readonly string[]>> {
    const line = this.#line(options);
    return this.#listings.ask([domain.name, blacklist.zone, ...options.module.resolver].join(" "), {
      work: () => askBlacklist(domain, blacklist, line),
      freshFor: () => ({ seconds: options.settings.blacklistRefreshSeconds }),
    });
  }

  #lookUp(domain: Domain, options: LookUpOptions): Promise<Finding> {
    return lookUpDomain({
      domain,
      line: this.#line(options),
      queue: this.#queue,
      now: this.#environment.clock.now,
      rdapServer: () => this.#rdapServer(domain, options),
      whoisServer: () => this.#whoisServer(domain, options),
    });
  }

  #line({ settings, module }: LookUpOptions): Line {
    const environment = this.#environment;
    return { settings: settings.registry, module, environment, signal: environment.signal };
  }

  /** The module's own, then IANA's, then those that IANA lacks. */
  async #rdapServer({ suffixes, topLevel }: Domain, options: LookUpOptions): Promise<string | undefined> {
    const { rdapServers, rdapBootstrap } = options.settings.registry;
    const own = suffixes.map((suffix) => rdapServers.get(suffix)).find((url) => url !== undefined);
    if (own !== undefined) return own;
    if (UNUSABLE_RDAP.has(topLevel)) return undefined;
    const table = rdapBootstrap === undefined ? {} : await this.#bootstrap(rdapBootstrap, options);
    return suffixes.map((suffix) => table[suffix] ?? KNOWN_RDAP_SERVERS.get(suffix)).find((url) => url !== undefined);
  }

  /** Empty while IANA's file cannot be had. */
  async #bootstrap(url: string, options: LookUpOptions): Promise<RdapTable> {
    const asked = await this.#bootstraps.ask(url, {
      work: () => withinTime(url, this.#line(options), (line) => fetchBootstrap(url, line)),
      freshFor: () => ({ seconds: BOOTSTRAP_SECONDS }),
    });
    if (asked.known().answer === undefined) await asked.settled;
    return asked.known().answer?.value ?? {};
  }

  async #whoisServer({ suffixes, topLevel }: Domain, options: LookUpOptions): Promise<WhoisServer | undefined> {
    const { whoisServers, whoisDiscovery } = options.settings.registry;
    const own = suffixes.map((suffix) => whoisServers.get(suffix)).find((server) => server !== undefined);
    if (own !== undefined || whoisDiscovery === undefined) return own;
    return KNOWN_WHOIS_SERVERS.get(topLevel) ?? (await this.#discover(topLevel, { server: whoisDiscovery, options }));
  }

  async #discover(
    topLevel: string,
    { server, options }: { readonly server: WhoisServer; readonly options: LookUpOptions },
  ): Promise<WhoisServer | undefined> {
    const asked = await this.#discoveries.ask(`${topLevel} ${server.host}:${server.port}`, {
      work: async () => ({
        server: findReferral(
          await withinTime(server.host, this.#line(options), (line) => askWhois(topLevel, { server, line })),
        ),
      }),
      freshFor: () => ({ seconds: DISCOVERY_SECONDS }),
    });
    if (asked.known().answer === undefined) await asked.settled;
    const { answer, failure } = asked.known();
    if (answer === undefined && failure !== undefined) {
      throw new ProbeFailure(failure.outcome, {
        detail: `Cannot find the WHOIS server of .${topLevel}: ${failure.detail}`,
      });
    }
    return answer?.value.server;
  }

  #freshness(finding: Finding, refreshSeconds: number): { readonly seconds: number; readonly before?: number } {
    const close = Math.min(refreshSeconds, CLOSE_LOOK_SECONDS);
    if (finding.kind === "not-registered") return { seconds: close };
    const { expiresAt, statuses } = finding.record;
    const { transferLock: _lock, registryLock: _registryLock, ...passing } = stateOf(statuses);
    const isPassing = Object.values(passing).some(Boolean);
    if (expiresAt === undefined) return { seconds: isPassing ? close : refreshSeconds };
    const isSoon = expiresAt - this.#environment.clock.now() / 1000 < SOON_SECONDS;
    return { seconds: isSoon || isPassing ? close : refreshSeconds, before: expiresAt * 1000 };
  }
}

/** What the failure of a doubted answer says; the second time it is believed. */
const DOUBT = "The registry no longer knows the domain; it is asked again before that is believed";

/** A registry that loses a domain for a moment must not alarm anybody: twice in a row it has to say so. */
function doubted(finding: Finding, { answer, failure }: Known<Finding>): Finding {
  const isLoss = finding.kind === "not-registered" && answer?.value.kind === "registered";
  if (isLoss && failure?.detail !== DOUBT) throw new ProbeFailure("registry/unreadable", { detail: DOUBT });
  return finding;
}
