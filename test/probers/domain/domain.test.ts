import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { createMemoryStore } from "../../../src/storage/memory-store.ts";
import {
  rdapAnswers,
  rdapObject,
  rdapServer,
  rdapSettings,
  whoisServer,
  whoisSettings,
} from "../../faults/domain/registry-servers.ts";
import { respond } from "../../faults/servers/answers.ts";
import { startStreamServer } from "../../faults/servers/stream-server.ts";
import { startDnsServer } from "../../support/dns-server.ts";
import { eventually } from "../../support/eventually.ts";
import { valueOf } from "../../support/run-probe.ts";
import { type Watch, watchDomain } from "./watch-domain.ts";

const DAY = 24 * 3600;

for (const target of ["example.com", "www.example.com.", "https://shop.example.com:8443/cart?x=1", "EXAMPLE.com:443"]) {
  void test(`${target} is looked up as example.com`, async () => {
    await using registry = await rdapServer(rdapObject("example.com"));
    using watch = watchDomain(rdapSettings(registry));

    const report = await watch.probe(target);

    assert.equal(report.outcome, "success", report.detail);
  });
}

void test("a name in another script is looked up in ASCII and shown as it is written", async () => {
  await using registry = await rdapServer(rdapObject("xn--bcher-kva.com"));
  using watch = watchDomain(rdapSettings(registry));

  const report = await watch.probe("www.Bücher.com");

  assert.equal(report.outcome, "success", report.detail);
  const info = report.measurements.find(({ name }) => name === "probe_domain_info");
  assert.deepEqual([info?.labels["domain"], info?.labels["unicode"]], ["xn--bcher-kva.com", "bücher.com"]);
});

void test("a suffix for which the module has a server counts as a registry's", async () => {
  await using registry = await rdapServer(rdapObject("shop.uk.com"));
  using watch = watchDomain(rdapSettings(registry, "uk.com"));

  assert.equal((await watch.probe("www.shop.uk.com")).outcome, "success");
});

for (const target of [
  "192.0.2.1",
  "https://[2001:db8::1]:443/",
  "com",
  "co.uk",
  "localhost",
  "not a domain",
  "-",
  "...",
]) {
  void test(`${JSON.stringify(target)} is no domain, and says so`, async () => {
    using watch = watchDomain({ rdap_bootstrap: "", whois_discovery: "" });

    const report = await watch.probe(target);

    assert.equal(report.outcome, "request/parameter-missing");
    assert.match(report.detail, /^Expected a domain/u);
  });
}

void test("an unpublished expiry is absent, and the module's own date takes its place", async () => {
  await using registry = await rdapServer(rdapObject("example.com", { events: [] }));
  using silent = watchDomain(rdapSettings(registry));
  using told = watchDomain({ ...rdapSettings(registry), expiry: { "example.com": "2028-03-31" } });
  using overdue = watchDomain({ ...rdapSettings(registry), expiry: { "example.com": "2026-12-31" } });

  const without = await silent.probe("example.com");
  const manual = await told.probe("example.com");

  assert.equal(without.outcome, "success");
  assert.equal(valueOf(without, "probe_domain_expiry_published"), 0);
  assert.equal(valueOf(without, "probe_domain_expiry_timestamp_seconds"), undefined);
  assert.equal(valueOf(manual, "probe_domain_expiry_published"), 0);
  assert.equal(valueOf(manual, "probe_domain_expiry_timestamp_seconds"), Date.parse("2028-03-31T00:00:00Z") / 1000);
  assert.equal((await overdue.probe("example.com")).outcome, "domain/expired");
});

void test("an answer is served with its age while the registry is down, and not for ever", async () => {
  const registry = await rdapServer(rdapObject("example.com", { events: [] }));
  using watch = watchDomain(rdapSettings(registry));
  await watch.probe("example.com");
  await registry[Symbol.asyncDispose]();

  watch.clock.advance(2 * DAY);
  const due = await watch.probe("example.com");
  await eventuallyFailed(watch);
  const stale = await watch.probe("example.com");
  watch.clock.advance(6 * DAY);
  await watch.probe("example.com");
  const tooOld = await watch.probe("example.com");

  assert.equal(due.outcome, "success");
  assert.equal(stale.outcome, "success");
  assert.equal(valueOf(stale, "probe_domain_answer_age_seconds"), 2 * DAY);
  assert.equal(valueOf(stale, "probe_domain_lookup_failures"), 1);
  assert.equal(tooOld.outcome, "registry/unavailable");
  assert.equal(valueOf(tooOld, "probe_domain_registered"), 1, "what was known is still shown");
});

void test("an answer from before the expiry does not say that the domain expired: it may have been renewed", async () => {
  const expiration = { eventAction: "expiration", eventDate: "2027-01-03T00:00:00Z" };
  const registry = await rdapServer(rdapObject("example.com", { events: [expiration] }));
  using watch = watchDomain(rdapSettings(registry));
  assert.equal((await watch.probe("example.com")).outcome, "success");
  await registry[Symbol.asyncDispose]();

  watch.clock.advance(3 * DAY);

  assert.equal((await watch.probe("example.com")).outcome, "registry/unavailable");
});

void test("a registry that does not know a domain which DNS delegates is not believed", async () => {
  await using dns = await startDnsServer({ "example.com NS": ["ns1.example.net", "ns2.example.net"] });
  await using registry = await rdapAnswers((socket) => respond(socket, { status: 404, body: "{}" }));
  using watch = watchDomain(rdapSettings(registry), { module: { resolver: dns.address } });

  const report = await watch.probe("example.com");

  assert.equal(report.outcome, "registry/unreadable");
  assert.match(report.detail, /says that example\.com is not registered, but DNS has name servers for it/);
  assert.equal(valueOf(report, "probe_domain_registered"), undefined);
});

void test("WHOIS has the last word where RDAP does not know a domain which DNS delegates", async () => {
  await using dns = await startDnsServer({ "example.com NS": ["ns1.example.net"] });
  await using rdap = await rdapAnswers((socket) => respond(socket, { status: 404, body: "{}" }));
  await using whois = await whoisServer("Domain Name: EXAMPLE.COM\r\nRegistrar: A Registrar\r\n");
  const settings = {
    ...rdapSettings(rdap),
    sources: ["rdap", "whois"],
    whois_servers: { com: `${whois.host}:${whois.port}` },
  };
  using watch = watchDomain(settings, { module: { resolver: dns.address } });

  const report = await watch.probe("example.com");

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(valueOf(report, "probe_domain_registered"), 1);
});

for (const [what, answer] of [
  ["knows no such name either", 3],
  ["has the name without name servers", []],
  ["cannot answer", 2],
] as const) {
  void test(`a registry that does not know a domain is believed where DNS ${what}`, async () => {
    await using dns = await startDnsServer({ "example.com NS": answer });
    await using registry = await rdapAnswers((socket) => respond(socket, { status: 404, body: "{}" }));
    using watch = watchDomain(rdapSettings(registry), { module: { resolver: dns.address } });

    const report = await watch.probe("example.com");

    assert.equal(report.outcome, "domain/not-registered", report.detail);
    assert.equal(valueOf(report, "probe_domain_registered"), 0);
    assert.deepEqual(dns.questions, ["example.com NS"]);
  });
}

void test("a registry that no longer knows a domain is asked twice before that is believed", async () => {
  let status = 200;
  await using dns = await startDnsServer({});
  await using registry = await rdapAnswers((socket) => respond(socket, { status, body: rdapObject("example.com") }));
  using watch = watchDomain(rdapSettings(registry), { module: { resolver: dns.address } });
  await watch.probe("example.com");

  status = 404;
  watch.clock.advance(2 * DAY);
  await watch.probe("example.com");
  await eventuallyFailed(watch);
  const doubted = await watch.probe("example.com");
  watch.clock.advance(1800);
  await watch.probe("example.com");
  await eventually(() => assert.equal(registry.arrivals(), 3));
  await eventuallyRenewed(watch);
  const believed = await watch.probe("example.com");

  assert.equal(doubted.outcome, "success");
  assert.equal(believed.outcome, "domain/not-registered");
});

void test("a failure names everyone who was asked", async () => {
  await using rdap = await rdapAnswers((socket) => respond(socket, { body: "<html>" }));
  await using whois = await startStreamServer((socket) => void socket.destroy());
  using watch = watchDomain({
    ...rdapSettings(rdap),
    sources: ["rdap", "whois"],
    whois_servers: { com: `${whois.host}:${whois.port}` },
  });

  const { outcome, detail } = await watch.probe("example.com");

  assert.equal(outcome, "registry/unreadable");
  assert.match(detail, new RegExp(`^${rdap.host}:${rdap.port}: .*no JSON; ${whois.host}:${whois.port}: `, "u"));
});

void test("a registry that says 429 is left alone for as long as it says, for every domain", async () => {
  await using registry = await rdapAnswers((socket) =>
    respond(socket, { status: 429, headers: { "Retry-After": "7200" } }),
  );
  using watch = watchDomain(rdapSettings(registry));

  await watch.probe("example.com");
  const other = await watch.probe("example2.com");
  watch.clock.advance(7000);
  await watch.probe("example3.com");

  assert.equal(other.outcome, "registry/unavailable");
  assert.match(other.detail, /wants no questions/u);
  assert.equal(registry.arrivals(), 1);
  watch.clock.advance(300);
  await watch.probe("example4.com");
  assert.equal(registry.arrivals(), 2);
});

void test("a restart asks nobody again", async () => {
  await using registry = await rdapServer(rdapObject("example.com"));
  const store = createMemoryStore();
  const before = watchDomain(rdapSettings(registry), { store });
  await before.probe("example.com");

  using after = watchDomain(rdapSettings(registry), { store, clock: before.clock });
  const report = await after.probe("example.com");

  assert.equal(report.outcome, "success");
  assert.equal(registry.arrivals(), 1);
});

void test("a look-up goes on after the first probe's deadline, and the next probe has its answer", async () => {
  const release = Promise.withResolvers<void>();
  await using registry = await rdapAnswers((socket) => {
    void release.promise.then(() => respond(socket, { body: rdapObject("example.com") }));
  });
  using watch = watchDomain(rdapSettings(registry));

  const first = await watch.probe("example.com", { timeoutSeconds: 0.2 });
  release.resolve();
  const second = await watch.probe("example.com");

  assert.equal(first.outcome, "state/pending", first.detail);
  assert.equal(second.outcome, "success", second.detail);
  assert.equal(registry.arrivals(), 1);
});

void test("WHOIS answers where RDAP does not", async () => {
  await using rdap = await rdapAnswers((socket) => respond(socket, { status: 500 }));
  await using whois = await whoisServer(
    "Domain Name: example.com\nRegistrar: A\nRegistry Expiry Date: 2027-06-01T00:00:00Z\n",
  );
  using watch = watchDomain({ ...rdapSettings(rdap), ...whoisSettings(whois), sources: ["rdap", "whois"] });

  const report = await watch.probe("example.com");

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(report.measurements.find(({ name }) => name === "probe_domain_source_info")?.labels["source"], "whois");
});

void test("an answer in Latin-1 is read", async () => {
  await using whois = await whoisServer(
    Buffer.from("Domain Name: example.com\nRegistrar: Société\nRegistry Expiry Date: 2027-06-01\n", "latin1"),
  );
  using watch = watchDomain(whoisSettings(whois));

  const report = await watch.probe("example.com");

  assert.equal(report.measurements.find(({ name }) => name === "probe_domain_info")?.labels["registrar"], "Société");
});

void test("the registry's RDAP server is found in the file of servers, which is fetched once", async () => {
  await using registry = await rdapAnswers((socket, { path }) =>
    respond(socket, { body: rdapObject(path.replace(/^.*\//u, "")) }),
  );
  const base = `http://${registry.host}:${registry.port}/`;
  let fetched = 0;
  await using iana = await rdapAnswers((socket) => {
    fetched += 1;
    respond(socket, { body: JSON.stringify({ version: "1.0", services: [[["com", "net"], [base]]] }) });
  });
  using watch = watchDomain({
    rdap_bootstrap: `http://${iana.host}:${iana.port}/dns.json`,
    whois_discovery: "",
    query_interval: "0s",
  });

  assert.equal((await watch.probe("example.com")).outcome, "success");
  assert.equal((await watch.probe("example.net")).outcome, "success");
  assert.equal(fetched, 1);
});

void test("the registry's WHOIS server is found by the server that knows them all", async () => {
  await using whois = await whoisServer("Domain Name: example.io\nRegistrar: A\nRegistry Expiry Date: 2027-06-01\n");
  await using iana = await whoisServer(`domain: IO\nwhois: ${whois.host}:${whois.port}\n`);
  using watch = watchDomain({ sources: ["whois"], whois_discovery: `${iana.host}:${iana.port}`, query_interval: "0s" });

  const report = await watch.probe("example.io");

  assert.equal(report.outcome, "success", report.detail);
});

void test("a blacklist that is silent, refuses or has an unknown answer lists nobody", async () => {
  await using registry = await rdapServer(rdapObject("example.com"));
  for (const answer of ["127.255.255.254", "127.0.0.1", "127.0.9.9", "192.0.2.1"]) {
    await using dns = await startDnsServer({ "example.com.list.test A": [answer] });
    const blacklists = [{ zone: "list.test", codes: { "127.0.1.2": "spam" } }];
    using watch = watchDomain({ ...rdapSettings(registry), blacklists }, { module: { resolver: dns.address } });

    const report = await watch.probe("example.com");

    assert.equal(report.outcome, "success", answer);
    assert.equal(valueOf(report, "probe_domain_blacklist_available"), 0, answer);
    assert.equal(valueOf(report, "probe_domain_blacklisted"), undefined, answer);
  }
});

for (const [what, answers, up, listed] of [
  ["has its test name and not the one it must not have", { test: ["127.0.1.2"] }, 1, 1],
  ["has every name", { test: ["127.0.1.2"], invalid: ["127.0.1.2"] }, 0, undefined],
  ["lacks its test name", {}, 0, undefined],
  ["refuses to answer about its test name", { test: ["127.255.255.254"] }, undefined, 1],
] as const satisfies readonly (readonly [string, Readonly<Record<string, readonly string[]>>, ...unknown[]])[]) {
  void test(`a blacklist that ${what} is ${listed === 1 ? "" : "not "}believed`, async () => {
    await using registry = await rdapServer(rdapObject("example.com"));
    const table = Object.entries({ "example.com": ["127.0.1.2"], ...answers });
    await using dns = await startDnsServer(
      Object.fromEntries(table.map(([name, addresses]) => [`${name}.list.test A`, addresses])),
    );
    const blacklists = [{ zone: "list.test", codes: { "127.0.1.2": "spam" }, test_name: "test" }];
    using watch = watchDomain({ ...rdapSettings(registry), blacklists }, { module: { resolver: dns.address } });

    const report = await watch.probe("example.com");

    assert.equal(report.outcome, listed === 1 ? "domain/blacklisted" : "success", report.detail);
    assert.equal(valueOf(report, "probe_domain_blacklist_up"), up);
    assert.equal(valueOf(report, "probe_domain_blacklisted"), listed);
  });
}

void test("a blacklist is tested once an hour, whatever the number of domains", async () => {
  await using registry = await rdapAnswers((socket, { path }) => {
    respond(socket, { body: rdapObject(path.slice("/domain/".length)) });
  });
  await using dns = await startDnsServer({ "test.list.test A": ["127.0.1.2"] });
  const blacklists = [{ zone: "list.test", codes: { "127.0.1.2": "spam" }, test_name: "test" }];
  using watch = watchDomain({ ...rdapSettings(registry), blacklists }, { module: { resolver: dns.address } });

  await watch.probe("one.com");
  await watch.probe("two.com");
  await watch.probe("one.com");

  const tests = dns.questions.filter((question) => /^(?:test|invalid)\./u.test(question));
  assert.deepEqual(tests.toSorted(), ["invalid.list.test A", "test.list.test A"]);
});

void test("of several faults the gravest is told: expired before suspended before unprotected", async () => {
  const expired = [{ eventAction: "expiration", eventDate: "2026-12-01T00:00:00Z" }];
  await using registry = await rdapAnswers((socket, { path }) => {
    const name = path.slice("/domain/".length);
    const status = name === "held.com" || name === "both.com" ? ["client hold"] : ["active"];
    respond(socket, { body: rdapObject(name, { status, ...(name === "both.com" ? { events: expired } : {}) }) });
  });
  using watch = watchDomain({ ...rdapSettings(registry), require_transfer_lock: true });

  assert.equal((await watch.probe("both.com")).outcome, "domain/expired");
  assert.equal((await watch.probe("held.com")).outcome, "domain/suspended");
  assert.equal((await watch.probe("open.com")).outcome, "domain/transfer-unprotected");
});

void test("whoever ends the exporter ends its look-ups", async () => {
  await using registry = await startStreamServer(() => undefined);
  const watch = watchDomain(rdapSettings(registry));
  await watch.probe("example.com", { timeoutSeconds: 0.1 });

  watch[Symbol.dispose]();

  await eventually(() => assert.equal(registry.connections(), 0));
});

/** A look-up in the background ends some turns of the event loop after the probe that started it. */
async function eventuallyFailed(watch: Watch): Promise<void> {
  await eventuallyAfter(watch, { failures: 1 });
}

async function eventuallyRenewed(watch: Watch): Promise<void> {
  await eventuallyAfter(watch, { failures: 0 });
}

async function eventuallyAfter(watch: Watch, { failures }: { readonly failures: number }): Promise<void> {
  const end = performance.now() + PATIENCE_MILLISECONDS;
  while (performance.now() < end) {
    if (valueOf(await watch.probe("example.com"), "probe_domain_lookup_failures") === failures) return;
    await nextTurn();
  }
  assert.fail(`Expected ${failures} failed look-ups`);
}

const PATIENCE_MILLISECONDS = 2_000;
