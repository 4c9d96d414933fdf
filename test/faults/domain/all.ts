import type { Outcome } from "../../../src/outcome/outcome.ts";
import { type DnsTable, startDnsServer } from "../../support/dns-server.ts";
import { defectFault } from "../defect-fault.ts";
import type { Fault, Settings } from "../fault.ts";
import { respond, writeForever } from "../servers/answers.ts";
import { startClosedPort } from "../servers/closed-port.ts";
import type { FaultServer, Traffic } from "../servers/fault-server.ts";
import { startStreamServer } from "../servers/stream-server.ts";
import { staticFault } from "../static-fault.ts";
import {
  daysAhead,
  NOWHERE_ELSE,
  rdapAnswers,
  rdapObject,
  rdapServer,
  rdapSettings,
  whoisServer,
  whoisSettings,
} from "./registry-servers.ts";

const NAME = "example.com";

/** Everything that can be wrong with a domain, with its registry, or with how it is asked for. */
export const DOMAIN_FAULTS: readonly Fault[] = [
  ...requestFaults(),
  rdapFault("a sound domain", { outcome: "success", body: rdapObject(NAME) }),
  whoisFault("a sound domain, by WHOIS", { outcome: "success", text: soundWhois() }),
  rdapFault("a domain whose registry publishes no expiry", {
    outcome: "success",
    body: rdapObject(NAME, { events: [] }),
  }),
  rdapFault("a domain that has expired", {
    outcome: "domain/expired",
    body: rdapObject(NAME, { events: [{ eventAction: "expiration", eventDate: daysAhead(-3) }] }),
  }),
  rdapFault("a domain that was deleted and can still be restored", {
    outcome: "domain/expired",
    body: rdapObject(NAME, { status: ["redemption period", "pending delete"] }),
  }),
  rdapFault("a domain on hold", {
    outcome: "domain/suspended",
    body: rdapObject(NAME, { status: ["client hold", "client transfer prohibited"] }),
  }),
  rdapFault("a domain that anyone may transfer", {
    outcome: "domain/transfer-unprotected",
    body: rdapObject(NAME, { status: ["active"] }),
    domain: { require_transfer_lock: true },
  }),
  domainFault("a domain that a blacklist lists", {
    outcome: "domain/blacklisted",
    start: () => startBlacklisted("127.0.1.2"),
  }),
  domainFault("a domain whose blacklist refuses to answer", {
    outcome: "success",
    start: () => startBlacklisted("127.255.255.254"),
  }),
  domainFault("a domain that is not registered", {
    outcome: "domain/not-registered",
    start: () => startUnregistered({}),
  }),
  domainFault("a domain that is not registered, by WHOIS", {
    outcome: "domain/not-registered",
    start: startUnregisteredByWhois,
  }),
  domainFault("a registry that does not know a domain which DNS delegates", {
    outcome: "registry/unreadable",
    start: () => startUnregistered({ [`${NAME} NS`]: ["ns1.example.net"] }),
  }),

  answerFault("a registry that has been asked too often", {
    outcome: "registry/unavailable",
    status: 429,
    headers: { "Retry-After": "3600" },
  }),
  answerFault("a registry with an error of its own", { outcome: "registry/unavailable", status: 500 }),
  answerFault("a registry that redirects to itself", {
    outcome: "registry/unavailable",
    status: 302,
    headers: { Location: "/again" },
  }),
  domainFault("a registry that is not there", {
    outcome: "registry/unavailable",
    start: async () => started(await startClosedPort(), rdapSettings),
  }),
  domainFault("a registry that stays silent", {
    outcome: "registry/unavailable",
    domain: { lookup_timeout: "300ms" },
    start: async () => started(await startStreamServer(() => undefined), rdapSettings),
  }),
  whoisFault("a WHOIS server that has been asked too often", {
    outcome: "registry/unavailable",
    text: "WHOIS LIMIT EXCEEDED - see terms of use\r\n",
  }),
  staticFault("domain", {
    name: "a top-level domain without a known registry",
    outcome: "registry/unavailable",
    target: "example.gg",
    module: { prober: "domain", timeout: "5s", domain: NOWHERE_ELSE },
  }),

  answerFault("a page instead of a record", {
    outcome: "registry/unreadable",
    headers: { "Content-Type": "text/html" },
    body: "<html><body>Welcome</body></html>",
  }),
  answerFault("an object of no class", { outcome: "registry/unreadable", body: JSON.stringify({ ldhName: NAME }) }),
  rdapFault("another domain's record", { outcome: "registry/unreadable", body: rdapObject("example.net") }),
  domainFault("an answer without end", {
    outcome: "registry/unreadable",
    start: async () =>
      started(
        await rdapAnswers((socket) => {
          socket.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
          writeForever(socket, " ".repeat(64 * 1024));
        }),
        rdapSettings,
      ),
  }),
  domainFault("half a record", {
    outcome: "registry/unreadable",
    start: async () => started(await rdapServer(rdapObject(NAME).slice(0, 100)), rdapSettings),
  }),
  domainFault("a WHOIS answer without end", {
    outcome: "registry/unreadable",
    start: async () =>
      started(
        await startStreamServer((socket) => writeForever(socket, "% terms of use\r\n".repeat(4096))),
        whoisSettings,
      ),
  }),
  whoisFault("an empty WHOIS answer", { outcome: "registry/unreadable", text: "" }),
  whoisFault("a WHOIS answer that is nothing but terms of use", {
    outcome: "registry/unreadable",
    text: "% Terms of use: domains that are not found here may still exist.\r\n",
  }),
  domainFault("WHOIS servers that refer to each other", { outcome: "registry/unreadable", start: startReferralLoop }),

  domainFault("a first look-up that takes longer than the probe may", {
    outcome: "state/pending",
    module: { timeout: "300ms" },
    domain: { lookup_timeout: "600ms" },
    start: async () => started(await startStreamServer(() => undefined), rdapSettings),
  }),
  domainFault("a socket that cannot be made, for its address is not this machine's", {
    outcome: "local/no-socket",
    domain: { source_ip_address: "192.0.2.199" },
    start: async () => started(await rdapServer(rdapObject(NAME)), rdapSettings),
  }),
  defectFault("domain"),
];

function requestFaults(): readonly Fault[] {
  const module = { prober: "domain", domain: NOWHERE_ELSE };
  return [
    staticFault("domain", { name: "a scrape without a target", outcome: "request/target-missing", target: "", module }),
    staticFault("domain", {
      name: "a scrape whose timeout leaves no time",
      outcome: "deadline/no-time-left",
      target: NAME,
      module,
      scrapeTimeout: "0.1",
    }),
    staticFault("domain", {
      name: "an address for a domain",
      outcome: "request/parameter-missing",
      target: "192.0.2.1",
      module,
    }),
    staticFault("domain", {
      name: "a name that nobody can register",
      outcome: "request/parameter-missing",
      target: "co.uk",
      module,
    }),
  ];
}

function soundWhois(): string {
  return [
    "Domain Name: EXAMPLE.COM",
    "Registrar: A Registrar",
    "Creation Date: 2001-02-03T04:05:06Z",
    `Registry Expiry Date: ${daysAhead(100)}`,
    "Domain Status: clientTransferProhibited https://icann.org/epp#clientTransferProhibited",
    "Name Server: NS1.EXAMPLE.NET",
    "DNSSEC: unsigned",
    ">>> Last update of the database <<<",
    "A name that is not found in this database may still be taken.",
    "",
  ].join("\r\n");
}

interface Started {
  readonly server: Traffic;
  readonly domain: Settings;
  readonly module?: Settings;
}

function started(server: FaultServer, settings: typeof rdapSettings): Started {
  return { server, domain: settings(server) };
}

/** An answer of a list's DNS server, which is the module's resolver as well. */
async function startBlacklisted(address: string): Promise<Started> {
  await using starting = new AsyncDisposableStack();
  const dns = starting.use(await startDnsServer({ [`${NAME}.list.test A`]: [address] }));
  const registry = starting.use(await rdapServer(rdapObject(NAME)));
  const running = starting.move();
  return {
    server: { ...registry, [Symbol.asyncDispose]: () => running.disposeAsync() },
    module: { resolver: dns.address },
    domain: { ...rdapSettings(registry), blacklists: [{ zone: "list.test", codes: { "127.0.1.2": "spam" } }] },
  };
}

/** A registry without the domain, beside DNS with or without its name servers. */
async function startUnregistered(table: DnsTable): Promise<Started> {
  const registry = await rdapAnswers((socket) => respond(socket, { status: 404, body: "{}" }));
  return besideDns(started(registry, rdapSettings), table);
}

async function startUnregisteredByWhois(): Promise<Started> {
  const text = 'No match for domain "EXAMPLE.COM".\r\n>>> Last update of the database <<<\r\nTerms of use apply.\r\n';
  return besideDns(started(await whoisServer(text), whoisSettings), {});
}

async function besideDns(registry: Started, table: DnsTable): Promise<Started> {
  await using starting = new AsyncDisposableStack();
  starting.use(registry.server);
  const dns = starting.use(await startDnsServer(table));
  const running = starting.move();
  const server = { ...registry.server, [Symbol.asyncDispose]: () => running.disposeAsync() };
  return { ...registry, server, module: { resolver: dns.address } };
}

/** By the address of this machine that has a dot in its name, as a referral must. */
async function startReferralLoop(): Promise<Started> {
  const refer = { text: "" };
  const server = await startStreamServer((socket) => {
    socket.once("data", () => socket.end(refer.text));
    socket.on("error", () => socket.destroy());
  });
  refer.text = `refer: ${server.host}:${server.port}\r\n`;
  return started(server, whoisSettings);
}

function rdapFault(
  name: string,
  fault: { readonly outcome: Outcome; readonly body: string; readonly domain?: Settings },
): Fault {
  return domainFault(name, { ...fault, start: async () => started(await rdapServer(fault.body), rdapSettings) });
}

function answerFault(
  name: string,
  fault: {
    readonly outcome: Outcome;
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  },
): Fault {
  const { outcome, ...reply } = fault;
  return domainFault(name, {
    outcome,
    start: async () => started(await rdapAnswers((socket) => respond(socket, reply)), rdapSettings),
  });
}

function whoisFault(name: string, fault: { readonly outcome: Outcome; readonly text: string }): Fault {
  return domainFault(name, { ...fault, start: async () => started(await whoisServer(fault.text), whoisSettings) });
}

function domainFault(
  name: string,
  fault: {
    readonly outcome: Outcome;
    readonly module?: Settings;
    readonly domain?: Settings;
    readonly start: () => Promise<Started>;
  },
): Fault {
  return {
    subject: "domain",
    name,
    outcome: fault.outcome,
    async start() {
      const { server, domain, module = {} } = await fault.start();
      return {
        target: NAME,
        module: { prober: "domain", timeout: "5s", ...fault.module, ...module, domain: { ...domain, ...fault.domain } },
        server,
      };
    },
  };
}
