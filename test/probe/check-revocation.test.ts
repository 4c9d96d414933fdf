import assert from "node:assert/strict";
import { before, test } from "node:test";
import { createServer } from "node:tls";
import { loadConfiguration } from "../../src/config/load-configuration.ts";
import { createNetwork } from "../../src/network/create-network.ts";
import type { Protocol } from "../../src/outcome/protocol.ts";
import type { Report } from "../../src/outcome/report.ts";
import { Services } from "../../src/probe/services.ts";
import { PROBERS } from "../../src/probers/all.ts";
import { createLocalRunner } from "../../src/runner/local-runner.ts";
import { createMemoryStore } from "../../src/storage/memory-store.ts";
import type { Settings } from "../faults/fault.ts";
import { respond, writeForever } from "../faults/servers/answers.ts";
import { type FaultServer, startServer } from "../faults/servers/fault-server.ts";
import { type Answer, startHttpServer } from "../faults/servers/http-server.ts";
import {
  type Authority,
  createAuthority,
  distributionPoint,
  extension,
  type Identity,
  issuingDistributionPoint,
} from "../support/certificates.ts";
import { eventually } from "../support/eventually.ts";

const DAY_MILLISECONDS = 24 * 3600 * 1000;

let root: Authority;

before(async () => {
  root = await createAuthority();
});

test("finds a certificate that its issuer has revoked, and one that it has not", async () => {
  await using place = await startPlace();
  const revoked = await place.issue();
  const good = await place.issue();
  place.answer = serve(await root.revocationList([revoked.certificate]));
  using watch = startWatch();

  const bad = await watch.probe(revoked);
  const fine = await watch.probe(good);

  assert.equal(bad.outcome, "tls/certificate-invalid");
  assert.match(bad.detail, /was revoked on \d{4}-/);
  assert.deepEqual(words(bad), { available: 1, revoked: 1, problem: 1 });
  assert.equal(fine.outcome, "success", fine.detail);
  assert.deepEqual(words(fine), { available: 1, revoked: 0, problem: 0 });
  assert.equal(place.requests(), 1, "one list serves both");
});

/** Every prober that speaks TLS, with what makes it do so from the first byte. */
const SPEAKERS: Readonly<Partial<Record<Protocol, { readonly settings?: Settings; readonly scheme?: string }>>> = {
  http: { scheme: "https://" },
  tcp: { settings: { tls: true } },
  smtp: { scheme: "smtps://" },
  pop3: { scheme: "pop3s://" },
  imap: { scheme: "imaps://" },
  ftp: { scheme: "ftps://" },
  grpc: { settings: { tls: true } },
  dns: { settings: { query_name: "example.com", dns_over_tls: true } },
};

for (const [protocol, { settings = {}, scheme = "" }] of Object.entries(SPEAKERS)) {
  test(`finds a revoked certificate by a probe of ${protocol}, and none where nobody asks`, async () => {
    await using place = await startPlace();
    const identity = await place.issue();
    place.answer = serve(await root.revocationList([identity.certificate]));
    const asking = { protocol, scheme };

    using watch = startWatch(settings, asking);
    const report = await watch.probe(identity);
    using idle = startWatch({ ...settings, check_revoked: false }, asking);
    const unasked = await idle.probe(identity, 0.3);

    assert.equal(report.outcome, "tls/certificate-invalid", report.detail);
    assert.match(report.detail, /was revoked on/);
    assert.deepEqual(words(report), { available: 1, revoked: 1, problem: 1 });
    assert.deepEqual(words(unasked), { available: undefined, revoked: undefined, problem: 0 });
    assert.equal(place.requests(), 1);
  });
}

test("finds a revoked certificate of a web socket's server", async () => {
  await using place = await startPlace();
  const identity = await place.issue();
  place.answer = serve(await root.revocationList([identity.certificate]));
  const client = { tls_config: { ca: root.certificate }, check_revoked: true };
  using watch = startWatch({ http_config: client }, { protocol: "websocket", scheme: "wss://" });

  const report = await watch.probe(identity);

  assert.equal(report.outcome, "tls/certificate-invalid", report.detail);
  assert.deepEqual(words(report), { available: 1, revoked: 1, problem: 1 });
});

test("measures a revoked certificate where nothing is verified, and lets it pass", async () => {
  await using place = await startPlace();
  const identity = await place.issue();
  place.answer = serve(await root.revocationList([identity.certificate]));
  const tls_config = { ca: root.certificate, insecure_skip_verify: true };
  using watch = startWatch({ tls: true, tls_config }, { protocol: "tcp", scheme: "" });

  const report = await watch.probe(identity);

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(words(report), { available: 1, revoked: 1, problem: 1 });
});

test("asks nobody unless the module wants it", async () => {
  await using place = await startPlace();
  const identity = await place.issue();
  using watch = startWatch({ check_revoked: false });

  const report = await watch.probe(identity);

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(place.requests(), 0);
  assert.deepEqual(words(report), { available: undefined, revoked: undefined, problem: 0 });
});

test("measures a revoked certificate also where the module lets it pass", async () => {
  await using place = await startPlace();
  const identity = await place.issue();
  place.answer = serve(await root.revocationList([identity.certificate]));
  using watch = startWatch({ fail_on: ["expired"] });

  const report = await watch.probe(identity);

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(words(report), { available: 1, revoked: 1, problem: 1 });
});

test("finds an intermediate that was revoked, by the list of the root", async () => {
  await using place = await startPlace();
  const intermediate = await root.intermediate({ extensions: [distributionPoint(place.url)] });
  const identity = await intermediate.issue();
  const [, own = ""] = identity.chain.split(/(?=-----BEGIN CERTIFICATE)/u);
  place.answer = serve(await root.revocationList([own]));
  using watch = startWatch();

  const report = await watch.probe(identity);

  assert.equal(report.outcome, "tls/certificate-invalid");
  assert.match(report.detail, /Test Intermediate was revoked/);
});

test("keeps a list until a day has passed, and the old one while there is no other", async () => {
  await using place = await startPlace();
  const identity = await place.issue();
  place.answer = serve(await root.revocationList([]));
  using watch = startWatch();

  await watch.probe(identity);
  await watch.probe(identity);
  assert.equal(place.requests(), 1);

  place.answer = (socket) => respond(socket, { status: 500 });
  watch.advance(DAY_MILLISECONDS + 1);
  const later = await watch.probe(identity);
  await eventually(() => assert.equal(place.requests(), 2));
  watch.advance(3 * DAY_MILLISECONDS);
  const tooLate = await watch.probe(identity);

  assert.deepEqual(words(later), { available: 1, revoked: 0, problem: 0 });
  assert.deepEqual(words(tooLate), { available: 0, revoked: undefined, problem: 0 });
});

const USELESS: Readonly<Record<string, (url: string) => Promise<Answer>>> = {
  "a list of another issuer": async () =>
    serve(await (await createAuthority({ commonName: "Other" })).revocationList([])),
  "a list that somebody else has signed": async () =>
    serve(await root.revocationList([], { signer: await createAuthority() })),
  "a list that is out of date": async () => serve(await root.revocationList([], { nextUpdate: daysFromNow(-0.5) })),
  "a list of the future": async () => serve(await root.revocationList([], { thisUpdate: daysFromNow(1) })),
  "a list for another place": async (url) =>
    serve(await root.revocationList([], { extensions: [issuingDistributionPoint({ url: `${url}/2` })] })),
  "a list of authorities": async () =>
    serve(await root.revocationList([], { extensions: [issuingDistributionPoint({ onlyAuthorities: true })] })),
  "a list of several issuers": async () =>
    serve(await root.revocationList([], { extensions: [issuingDistributionPoint({ indirect: true })] })),
  "a list of changes": async () =>
    serve(
      await root.revocationList([], {
        extensions: [extension("2.5.29.27", { critical: true, value: Buffer.from("020101", "hex") })],
      }),
    ),
  "a page instead of a list": async () => serve(Buffer.from("<html>Not here</html>")),
  "half a list": async () => serve((await root.revocationList([])).subarray(0, 60)),
  "status 404": async () => (socket) => respond(socket, { status: 404 }),
  "a loop of redirects": async (url) => (socket) => respond(socket, { status: 302, headers: { Location: url } }),
  "no answer": async () => () => {},
  "a list without end": async () => (socket) => {
    socket.write("HTTP/1.1 200 OK\r\n\r\n");
    writeForever(socket, "0".repeat(256 * 1024));
  },
};

for (const [what, answerFor] of Object.entries(USELESS)) {
  test(`takes ${what} for no word on the certificate`, async () => {
    await using place = await startPlace();
    const identity = await place.issue();
    place.answer = await answerFor(place.url);
    using watch = startWatch();

    const report = await watch.probe(identity, 1);

    assert.equal(report.outcome, "success", report.detail);
    assert.deepEqual(words(report), { available: 0, revoked: undefined, problem: 0 });
    assert.equal(
      report.log.some(({ message }) => message === "List of revoked certificates says nothing"),
      true,
    );
  });
}

test("accepts a list for its own place, and one in PEM", async () => {
  await using place = await startPlace();
  const identity = await place.issue();
  const list = await root.revocationList([], { extensions: [issuingDistributionPoint({ url: place.url })] });
  place.answer = serve(Buffer.from(`-----BEGIN X509 CRL-----\n${list.toString("base64")}\n-----END X509 CRL-----\n`));
  using watch = startWatch();

  assert.deepEqual(words(await watch.probe(identity)), { available: 1, revoked: 0, problem: 0 });
});

test("never asks where a certificate points that nobody trusted has signed", async () => {
  await using place = await startPlace();
  const stranger = await createAuthority();
  const identity = await stranger.issue({ extensions: [distributionPoint(place.url)] });
  using watch = startWatch();

  const report = await watch.probe(identity);

  assert.equal(report.outcome, "tls/unknown-authority");
  assert.equal(place.requests(), 0);
});

function daysFromNow(days: number): Date {
  return new Date(Math.floor((Date.now() + days * DAY_MILLISECONDS) / 1000) * 1000);
}

function serve(list: Buffer): Answer {
  return (socket) => respond(socket, { headers: { "Content-Type": "application/pkix-crl" }, body: list });
}

/** Where lists are served. */
interface Place extends AsyncDisposable {
  readonly url: string;
  readonly requests: () => number;
  answer: Answer;
  /** A certificate whose list is here. */
  readonly issue: () => Promise<Identity>;
}

async function startPlace(): Promise<Place> {
  let requests = 0;
  const server = await startHttpServer((socket, request) => {
    requests += 1;
    place.answer(socket, request);
  });
  const url = `http://${server.host}:${server.port}/root.crl`;
  const place: Place = {
    url,
    requests: () => requests,
    answer: (socket) => respond(socket, { status: 503 }),
    issue: () => root.issue({ extensions: [distributionPoint(url)] }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
  return place;
}

/** An exporter with a clock of the test's for what it keeps. */
interface Watch extends Disposable {
  readonly advance: (milliseconds: number) => void;
  readonly probe: (identity: Identity, timeoutSeconds?: number) => Promise<Report>;
}

function startWatch(
  given: Settings = {},
  { protocol, scheme }: { readonly protocol: string; readonly scheme: string } = { protocol: "tls", scheme: "" },
): Watch {
  let ahead = 0;
  const tls = { tls_config: { ca: root.certificate }, check_revoked: true };
  // Of a web socket, they stand in a block of their own.
  const settings = protocol === "websocket" ? given : { ...tls, ...given };
  const configuration = { modules: { case: { prober: protocol, [protocol]: settings } } };
  const loaded = loadConfiguration(JSON.stringify(configuration), PROBERS);
  if ("problems" in loaded) throw new Error(loaded.problems.join("\n"));
  const network = createNetwork();
  const clock = { now: () => Date.now() + ahead, sleep: () => Promise.resolve(), random: () => 0.5 };
  const services = new Services({ network, store: createMemoryStore(), clock, servers: () => new Map() });
  const runner = createLocalRunner({ modules: () => loaded.modules, network, services });
  return {
    advance: (milliseconds) => {
      ahead += milliseconds;
    },
    probe: async (identity, timeoutSeconds = 5) => {
      await using server = await startTls(identity);
      const target = `${scheme}${server.host}:${server.port}`;
      const request = { module: "case", target, timeoutSeconds, receivedAt: Date.now() };
      return await runner.run(request, new AbortController().signal);
    },
    [Symbol.dispose]: () => services[Symbol.dispose](),
  };
}

function startTls({ key, chain }: Identity): Promise<FaultServer> {
  const server = createServer({ key, cert: chain }, (socket) => {
    socket.on("error", () => socket.destroy());
    socket.resume();
  });
  return startServer(server);
}

/** What a report says of the server's own certificate. */
function words(report: Report): Readonly<Record<"available" | "revoked" | "problem", number | undefined>> {
  const own = (name: string, labels: Readonly<Record<string, string>>): number | undefined =>
    report.measurements.find(
      (one) => one.name === name && Object.entries(labels).every(([label, value]) => one.labels[label] === value),
    )?.value;
  return {
    available: own("probe_ssl_crl_available", { chain_pos: "0" }),
    revoked: own("probe_ssl_crl_revoked", { chain_pos: "0" }),
    problem: own("probe_ssl_problem", { problem: "revoked" }),
  };
}
