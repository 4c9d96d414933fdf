import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { getEventListeners, once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { ResolveOptions, Resolver } from "../../src/network/resolve.ts";
import { createResolver } from "../../src/network/resolver.ts";
import { type DnsServer, type DnsTable, startDnsServer } from "../support/dns-server.ts";

const V4 = { ip: "192.0.2.1", family: 4 } as const;
const V6 = { ip: "2001:db8::1", family: 6 } as const;

test("takes an address for what it is, without asking", async (t) => {
  const { resolver, server } = await setUp(t, { dns: {} });
  assert.deepEqual(await resolver.resolve("192.0.2.1", wanted()), [V4]);
  assert.deepEqual(await resolver.resolve("2001:db8::1", wanted()), [V6]);
  assert.deepEqual(await resolver.resolve("[2001:db8::1]", wanted()), [V6]);
  assert.deepEqual(server.questions, []);
});

test("has no address where an address is of the family that may not be used", async (t) => {
  const { resolver } = await setUp(t, { dns: {} });
  await assert.rejects(resolver.resolve("::1", wanted({ fallback: false })), { outcome: "resolve/no-address" });
});

test("prefers the hosts file to DNS, also where the module names its own servers", async (t) => {
  const { resolver, server } = await setUp(t, { hosts: "192.0.2.1 shop.example", dns: {} });
  assert.deepEqual(await resolver.resolve("SHOP.example.", wanted({ servers: [server.address] })), [V4]);
  assert.deepEqual(server.questions, []);
});

test("puts the preferred family first, whatever the order of the hosts file", async (t) => {
  const { resolver } = await setUp(t, { hosts: "192.0.2.1 shop\n2001:db8::1 shop", dns: {} });
  assert.deepEqual(await resolver.resolve("shop", wanted({ preferred: 6 })), [V6, V4]);
  assert.deepEqual(await resolver.resolve("shop", wanted({ preferred: 4 })), [V4, V6]);
  assert.deepEqual(await resolver.resolve("shop", wanted({ preferred: 6, fallback: false })), [V6]);
});

test("has no address where the hosts file names the other family only", async (t) => {
  const { resolver } = await setUp(t, { hosts: "192.0.2.1 shop", dns: {} });
  await assert.rejects(resolver.resolve("shop", wanted({ preferred: 6, fallback: false })), {
    outcome: "resolve/no-address",
  });
});

test("reads the hosts file again after it changed, at most every five seconds", async (t) => {
  let now = 0;
  const { resolver, files } = await setUp(t, { hosts: "192.0.2.1 shop", dns: {}, now: () => now });
  await resolver.resolve("shop", wanted());
  await writeFile(files.hostsFile, "192.0.2.77 shop");
  now = 4999;
  assert.deepEqual(await resolver.resolve("shop", wanted()), [V4]);
  now = 5000;
  assert.deepEqual(await resolver.resolve("shop", wanted()), [{ ip: "192.0.2.77", family: 4 }]);
  await rm(files.hostsFile);
  now = 10_000;
  await assert.rejects(resolver.resolve("shop", wanted()), { outcome: "resolve/name-not-found" });
});

for (const name of ["localhost", "db.LOCALHOST", "localhost."]) {
  test(`takes ${name} for loopback without asking, where the hosts file lacks it`, async (t) => {
    const { resolver, server } = await setUp(t, { dns: {} });
    assert.deepEqual(await resolver.resolve(name, wanted()), [
      { ip: "127.0.0.1", family: 4 },
      { ip: "::1", family: 6 },
    ]);
    assert.deepEqual(server.questions, []);
  });
}

test("asks DNS for both families at once and puts the preferred one first", async (t) => {
  const { resolver, server } = await setUp(t, {
    dns: { "shop.example A": ["192.0.2.1"], "shop.example AAAA": ["2001:db8::1"] },
  });
  assert.deepEqual(await resolver.resolve("shop.example", wanted({ preferred: 6 })), [V6, V4]);
  assert.deepEqual(server.questions.toSorted(), ["shop.example A", "shop.example AAAA"]);
});

test("asks for the preferred family alone without fallback", async (t) => {
  const { resolver, server } = await setUp(t, {
    dns: { "shop.example A": ["192.0.2.1"], "shop.example AAAA": ["2001:db8::1"] },
  });
  assert.deepEqual(await resolver.resolve("shop.example", wanted({ preferred: 6, fallback: false })), [V6]);
  assert.deepEqual(server.questions, ["shop.example AAAA"]);
});

test("falls back to the other family", async (t) => {
  const { resolver } = await setUp(t, { dns: { "shop.example A": ["192.0.2.1"], "shop.example AAAA": [] } });
  assert.deepEqual(await resolver.resolve("shop.example", wanted({ preferred: 6 })), [V4]);
});

test("falls back also where the server fails to answer for the preferred family", async (t) => {
  const { resolver } = await setUp(t, { dns: { "shop.example A": ["192.0.2.1"], "shop.example AAAA": SERVFAIL } });
  assert.deepEqual(await resolver.resolve("shop.example", wanted({ preferred: 6 })), [V4]);
});

test("asks anew each time: the exporter must notice a change at once", async (t) => {
  const { resolver, server } = await setUp(t, { dns: { "shop.example A": ["192.0.2.1"] } });
  await resolver.resolve("shop.example", wanted({ fallback: false }));
  await resolver.resolve("shop.example", wanted({ fallback: false }));
  assert.equal(server.questions.length, 2);
});

test("asks again over TCP where the answer does not fit a datagram", async (t) => {
  const { resolver, server } = await setUp(t, { dns: { "shop.example A": { onlyOverTcp: ["192.0.2.1"] } } });
  assert.deepEqual(await resolver.resolve("shop.example", wanted({ fallback: false })), [V4]);
  assert.equal(server.questions.length, 2);
});

test("completes a name from the search list of resolv.conf", async (t) => {
  const { resolver, server } = await setUp(t, {
    resolvConf: "search a.example b.example\n",
    dns: { "web.b.example A": ["192.0.2.1"] },
  });
  assert.deepEqual(await resolver.resolve("web", wanted({ fallback: false })), [V4]);
  assert.deepEqual(server.questions, ["web.a.example A", "web.b.example A"]);
});

test("does not complete a name that ends in a dot", async (t) => {
  const { resolver, server } = await setUp(t, { resolvConf: "search a.example\n", dns: {} });
  await assert.rejects(resolver.resolve("web.", wanted({ fallback: false })), { outcome: "resolve/name-not-found" });
  assert.deepEqual(server.questions, ["web A"]);
});

test("follows resolv.conf when it changes", async (t) => {
  let now = 0;
  const { resolver, files, server } = await setUp(t, { dns: { "web.b.example A": ["192.0.2.1"] }, now: () => now });
  await assert.rejects(resolver.resolve("web", wanted({ fallback: false })), { outcome: "resolve/name-not-found" });
  await writeFile(files.resolvConf, `nameserver ${server.address}\nsearch b.example\n`);
  now = 5000;
  assert.deepEqual(await resolver.resolve("web", wanted({ fallback: false })), [V4]);
});

test("asks the module's servers instead of the system's", async (t) => {
  const { resolver, server: systems } = await setUp(t, { dns: {} });
  await using own = await startDnsServer({ "shop.example A": ["192.0.2.1"] });
  assert.deepEqual(await resolver.resolve("shop.example", wanted({ fallback: false, servers: [own.address] })), [V4]);
  assert.deepEqual(systems.questions, []);
});

test("asks for an international name in its ASCII form", async (t) => {
  const { resolver, server } = await setUp(t, { dns: { "xn--bcher-kva.example A": ["192.0.2.1"] } });
  assert.deepEqual(await resolver.resolve("Bücher.example", wanted({ fallback: false })), [V4]);
  assert.deepEqual(server.questions, ["xn--bcher-kva.example A"]);
});

const SERVFAIL = 2;

const ANSWERS = [
  ["NXDOMAIN", 3, "resolve/name-not-found", /^There is no name shop\.example \(ENOTFOUND from 127\.0\.0\.1:\d+\)$/],
  ["no record", [], "resolve/no-address", /^There is no IPv4 address of shop\.example \(ENODATA from/],
  ["SERVFAIL", SERVFAIL, "resolve/server-failure", /\(ESERVFAIL from 127/],
  ["REFUSED", 5, "resolve/server-failure", /\(EREFUSED from 127/],
  ["FORMERR", 1, "resolve/server-failure", /\(EFORMERR from 127/],
  ["NOTIMP", 4, "resolve/server-failure", /\(ENOTIMP from 127/],
  ["silence", "silence", "resolve/timeout", /^The DNS server did not answer about shop\.example \(ETIMEOUT from/],
] as const;

for (const [what, answer, outcome, detail] of ANSWERS) {
  test(`ends as ${outcome} where the server answers with ${what}`, async (t) => {
    const { resolver } = await setUp(t, {
      resolvConf: "options timeout:1 attempts:1\n",
      dns: { "shop.example A": answer },
    });
    await assert.rejects(resolver.resolve("shop.example", wanted({ fallback: false })), { outcome, detail });
  });
}

test("does not take garbage for an answer", async (t) => {
  const { resolver } = await setUp(t, {
    resolvConf: "options timeout:1 attempts:1\n",
    dns: { "shop.example A": "garbage" },
  });
  await assert.rejects(resolver.resolve("shop.example", wanted({ fallback: false })), {
    outcome: /^resolve\/(server-failure|timeout)$/,
  });
});

test("ends as resolve/server-failure where no DNS server listens", async (t) => {
  const { resolver } = await setUp(t, { dns: {} });
  const servers = [`127.0.0.1:${await closedPort()}`];
  await assert.rejects(resolver.resolve("shop.example", wanted({ servers })), {
    outcome: "resolve/server-failure",
    detail: /ECONNREFUSED/,
  });
});

test("does not blame the DNS server when this process has no file descriptor left", async () => {
  const module = new URL("../../src/network/resolver.ts", import.meta.url).href;
  const script = `
    import { openSync } from "node:fs";
    import { createResolver } from ${JSON.stringify(module)};
    const resolver = createResolver();
    const signal = AbortSignal.timeout(10_000);
    await resolver.resolve("localhost", { preferred: 4, fallback: false, servers: [], signal });
    for (let isOpen = true; isOpen; ) try { openSync("/dev/null", "r"); } catch { isOpen = false; }
    await resolver.resolve("shop.example.", { preferred: 4, fallback: false, servers: ["127.0.0.1"], signal }).catch(
      (error) => console.log(error.code),
    );`;
  const child = spawn("sh", [
    "-c",
    'ulimit -n 64; exec "$0" --input-type=module --eval "$1"',
    process.execPath,
    script,
  ]);
  assert.equal((await child.stdout.toArray()).join("").trim(), "EMFILE");
});

test("reports that a name exists without an address rather than that its completions do not", async (t) => {
  const { resolver } = await setUp(t, {
    resolvConf: "search a.example\n",
    dns: { "shop.example A": [], "shop.example.a.example A": 3 },
  });
  await assert.rejects(resolver.resolve("shop.example", wanted({ fallback: false })), {
    outcome: "resolve/no-address",
    detail: /also asked for shop\.example\.a\.example/,
  });
});

test("does not call a name missing because a completion's server failed, nor the other way round", async (t) => {
  const { resolver } = await setUp(t, {
    resolvConf: "search a.example\n",
    dns: { "web.a.example A": SERVFAIL, "shop.example.a.example A": SERVFAIL },
  });
  await assert.rejects(resolver.resolve("web", wanted({ fallback: false })), { outcome: "resolve/server-failure" });
  await assert.rejects(resolver.resolve("shop.example", wanted({ fallback: false })), {
    outcome: "resolve/name-not-found",
  });
});

test("gives up with resolve/timeout when the signal aborts, and leaves no listener", async (t) => {
  const { resolver, server } = await setUp(t, { dns: { "shop.example A": "silence" } });
  const controller = new AbortController();
  const resolving = resolver.resolve("shop.example", wanted({ fallback: false, signal: controller.signal }));
  controller.abort();
  await assert.rejects(resolving, {
    outcome: "resolve/timeout",
    detail: `No answer in time about shop.example (ECANCELLED from ${server.address})`,
  });
  assert.equal(getEventListeners(controller.signal, "abort").length, 0);
});

test("gives up one look-up without disturbing another", async (t) => {
  const { resolver } = await setUp(t, {
    dns: { "slow.example A": "silence", "shop.example A": ["192.0.2.1"] },
  });
  const controller = new AbortController();
  const slow = resolver.resolve("slow.example", wanted({ fallback: false, signal: controller.signal }));
  const quick = resolver.resolve("shop.example", wanted({ fallback: false }));
  controller.abort();
  await assert.rejects(slow, { outcome: "resolve/timeout" });
  assert.deepEqual(await quick, [V4]);
});

test("does not ask once the signal has aborted", async (t) => {
  const { resolver, server } = await setUp(t, { dns: {} });
  await assert.rejects(resolver.resolve("shop.example", wanted({ signal: AbortSignal.abort() })), {
    outcome: "resolve/timeout",
  });
  assert.deepEqual(server.questions, []);
});

const INVALID = [
  "",
  ".",
  "a..b",
  ".a",
  "a b",
  "a\0b",
  "a\\.b",
  `${"x".repeat(64)}.example`,
  `${"x.".repeat(127)}x`,
  "[",
  "a\nb",
  "\u{ad}",
];

test("does not wait for the other family where the preferred one is enough", async (t) => {
  const { resolver } = await setUp(t, {
    dns: { "shop.example A": ["192.0.2.1"], "shop.example AAAA": "silence" },
    resolvConf: "options timeout:30 attempts:1\n",
  });

  const addresses = await resolver.resolve("shop.example", wanted({ wanted: "first" }));

  assert.deepEqual(addresses, [{ ip: "192.0.2.1", family: 4 }]);
});

test("waits for the other family where the preferred one has nothing", async (t) => {
  const { resolver } = await setUp(t, { dns: { "shop.example A": [], "shop.example AAAA": ["2001:db8::1"] } });

  const addresses = await resolver.resolve("shop.example", wanted({ wanted: "first" }));

  assert.deepEqual(addresses, [{ ip: "2001:db8::1", family: 6 }]);
});

for (const name of INVALID) {
  test(`knows without asking that ${JSON.stringify(name).slice(0, 30)} cannot be found`, async (t) => {
    const { resolver, server } = await setUp(t, { dns: {} });
    await assert.rejects(resolver.resolve(name, wanted()), { outcome: "resolve/name-not-found" });
    assert.deepEqual(server.questions, []);
  });
}

function wanted(options: Partial<ResolveOptions> = {}): ResolveOptions {
  return { preferred: 4, fallback: true, servers: [], signal: new AbortController().signal, ...options };
}

interface Setting {
  readonly dns: DnsTable;
  readonly hosts?: string;
  readonly resolvConf?: string;
  readonly now?: () => number;
}

async function setUp(
  t: TestContext,
  { dns, hosts = "", resolvConf = "", now = () => 0 }: Setting,
): Promise<{
  readonly resolver: Resolver;
  readonly server: DnsServer;
  readonly files: { readonly hostsFile: string; readonly resolvConf: string };
}> {
  const server = await startDnsServer(dns);
  const folder = await mkdtemp(join(tmpdir(), "resolver-"));
  t.after(async () => {
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  const files = { hostsFile: join(folder, "hosts"), resolvConf: join(folder, "resolv.conf") };
  await writeFile(files.hostsFile, hosts);
  // `search .` keeps the domain of the machine that runs the tests out of them.
  await writeFile(files.resolvConf, `nameserver ${server.address}\nsearch .\n${resolvConf}`);
  return { resolver: createResolver({ ...files, now }), server, files };
}

async function closedPort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return address !== null && typeof address === "object" ? address.port : 0;
}
