import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request as plainRequest } from "node:http";
import { type RequestOptions, request as tlsRequest } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { TLSSocket } from "node:tls";
import { hashSync } from "bcryptjs";
import express from "express";
import { readWebConfig } from "../../src/config/read-web-config.ts";
import { Secret } from "../../src/settings/secret.ts";
import { loadWebConfig } from "../../src/web/web-config.ts";
import { openWebConfig, WebConfigHolder } from "../../src/web/web-config-holder.ts";
import { PasswordCheck } from "../../src/web/web-config-passwords.ts";
import { webProtection } from "../../src/web/web-config-protection.ts";
import { createWebServer } from "../../src/web/web-config-server.ts";
import { type Authority, createAuthority, expired, type Identity } from "../support/certificates.ts";

/** The least cost that bcrypt knows: these tests are about the decision, not about the time it takes. */
const HASH = hashSync("right password", 4);

void test("serves anybody where no file is given", async (context) => {
  const server = await serve(context, "");
  assert.equal((await server.get()).status, 200);
});

void test("sends the headers of the file with every answer", async (context) => {
  const server = await serve(context, {
    "web.yml":
      "http_server_config: { http2: true, headers: { X-Frame-Options: deny, Strict-Transport-Security: max-age=60, X-XSS-Protection: '' } }",
  });
  const { status, headers } = await server.get();
  assert.equal(status, 200);
  assert.equal(headers["x-frame-options"], "deny");
  assert.equal(headers["strict-transport-security"], "max-age=60");
  assert.equal(headers["x-xss-protection"], undefined);
});

void test("asks for a password and takes only the right one", async (context) => {
  const server = await serve(context, {
    "web.yml": `basic_auth_users: { prometheus: "${HASH}", other: "${HASH.replace("$2b$", "$2y$")}" }`,
  });
  const refused = await server.get();
  assert.equal(refused.status, 401);
  assert.match(refused.headers["www-authenticate"] ?? "", /^Basic/u);
  assert.equal((await server.get({ auth: "prometheus:right password" })).status, 200);
  assert.equal((await server.get({ auth: "prometheus:right password" })).status, 200);
  assert.equal((await server.get({ auth: "other:right password" })).status, 200);
  for (const auth of ["prometheus:wrong", "nobody:right password", "prometheus:", ":right password", "prometheus"]) {
    assert.equal((await server.get({ auth })).status, 401, auth);
  }
  for (const authorization of ["Basic", "Basic !", "Bearer x", "Basic cHJvbWV0aGV1cw==", `Basic ${"A".repeat(8000)}`]) {
    assert.equal((await server.get({ headers: { authorization } })).status, 401, authorization);
  }
});

void test("answers many scrapes that log in at once", async (context) => {
  const server = await serve(context, { "web.yml": `basic_auth_users: { prometheus: "${HASH}" }` });
  const asked = Array.from({ length: 50 }, () => server.get({ auth: "prometheus:right password" }));
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  assert.deepEqual(new Set(statuses), new Set([200]));
});

void test("turns logins away while too many others are being checked", async () => {
  const check = new PasswordCheck();
  const users = new Map([["prometheus", new Secret(HASH)]]);
  const guesses = Array.from({ length: 33 }, (_, index) =>
    check.check(users, { user: "prometheus", password: `${index}` }),
  );
  const verdicts = await Promise.all(guesses);
  assert.deepEqual(
    verdicts.map((verdict) => verdict === "busy"),
    [...Array.from({ length: 32 }, () => false), true],
  );
  assert.equal(await check.check(users, { user: "prometheus", password: "right password" }), "right");
});

void test("a user that does not exist takes as long as one that does", async () => {
  const users = new Map([["prometheus", new Secret(hashSync("right password", 9))]]);
  const check = new PasswordCheck();
  const measure = async (user: string): Promise<number> => {
    const start = performance.now();
    assert.equal(await check.check(users, { user, password: "wrong" }), "wrong");
    return performance.now() - start;
  };
  const [unknown, known] = [await measure("nobody"), await measure("prometheus")];
  // Without the comparison it would take a hundredth; the first run may be slower than the second, never so much faster.
  assert.ok(unknown > known / 10, `${unknown} ms for a user that does not exist, ${known} ms for one that does`);
});

void test("a changed password holds from the next look at the file on, and a broken file changes nothing", async (context) => {
  const server = await serve(context, { "web.yml": `basic_auth_users: { prometheus: "${HASH}" }` });
  assert.equal((await server.get({ auth: "prometheus:right password" })).status, 200);
  await server.write("web.yml", `basic_auth_users: { prometheus: "${hashSync("new password", 4)}" }`);
  server.passSeconds(1);
  assert.equal((await server.get({ auth: "prometheus:right password" })).status, 401);
  assert.equal((await server.get({ auth: "prometheus:new password" })).status, 200);
  await server.write("web.yml", "basic_auth_users: { prometheus: plaintext }");
  server.passSeconds(1);
  assert.equal((await server.get({ auth: "prometheus:new password" })).status, 200);
  assert.deepEqual(server.problems, [
    "Cannot read basic_auth_users.prometheus: expected a bcrypt hash of cost 4 to 15, such as htpasswd -nB prints, found <secret>",
  ]);
  await server.remove("web.yml");
  server.passSeconds(1);
  assert.equal((await server.get()).status, 401);
});

void test("lets a burst pass, then one request for each interval", async (context) => {
  const server = await serve(context, { "web.yml": "rate_limit: { interval: 2s, burst: 3 }" });
  const statuses = async (count: number): Promise<readonly number[]> => {
    const seen: number[] = [];
    while (seen.length < count) seen.push((await server.get()).status);
    return seen;
  };
  assert.deepEqual(await statuses(4), [200, 200, 200, 429]);
  server.passSeconds(1);
  assert.deepEqual(await statuses(1), [429]);
  server.passSeconds(1);
  assert.deepEqual(await statuses(2), [200, 429]);
  server.passSeconds(100);
  assert.deepEqual(await statuses(4), [200, 200, 200, 429]);
});

void test("serves over TLS and takes a renewed certificate without a restart, an expired one's too", async (context) => {
  const authority = await createAuthority();
  const server = await serve(context, {
    "web.yml": "tls_server_config: { cert_file: server.pem, key_file: server.key }",
    ...files(await authority.issue(expired())),
  });
  const ca = authority.certificate;
  await assert.rejects(server.get({ ca }), { code: "CERT_HAS_EXPIRED" });
  const renewed = await authority.issue();
  await server.write("server.pem", renewed.chain);
  await server.write("server.key", renewed.key);
  server.passSeconds(1);
  // The connection that brings the news may still be shown the old certificate.
  const first = await server.get({ ca }).catch((error: NodeJS.ErrnoException) => error.code);
  assert.ok(first === "CERT_HAS_EXPIRED" || (typeof first === "object" && first.status === 200));
  await server.settled();
  assert.equal((await server.get({ ca })).status, 200);
  assert.deepEqual(server.problems, []);
});

void test("a key that does not fit leaves the old certificate in place", async (context) => {
  const authority = await createAuthority();
  const server = await serve(context, {
    "web.yml": "tls_server_config: { cert_file: server.pem, key_file: server.key }",
    ...files(await authority.issue()),
  });
  await server.write("server.key", (await authority.issue()).key);
  server.passSeconds(1);
  assert.equal((await server.get({ ca: authority.certificate })).status, 200);
  await server.settled();
  assert.match(server.problems.join(), /^Cannot use tls_server_config: /u);
  assert.equal((await server.get({ ca: authority.certificate })).status, 200);
});

void test("a change that a listening server cannot make is reported and not made", async (context) => {
  const authority = await createAuthority();
  const server = await serve(context, {
    "web.yml": "tls_server_config: { cert_file: server.pem, key_file: server.key }",
    ...files(await authority.issue()),
  });
  await server.write("web.yml", "{}");
  server.passSeconds(1);
  assert.equal((await server.get({ ca: authority.certificate })).status, 200);
  assert.deepEqual(server.problems, [
    "Cannot change from TLS without client certificates to no TLS while serving: restart the exporter",
  ]);
});

void test("speaks only the versions and suites that the file allows", async (context) => {
  const authority = await createAuthority();
  const server = await serve(context, {
    "web.yml":
      "tls_server_config: { cert_file: server.pem, key_file: server.key, max_version: TLS12, cipher_suites: [TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384], curve_preferences: [CurveP256] }",
    ...files(await authority.issue()),
  });
  const ca = authority.certificate;
  const answer = await server.get({ ca });
  assert.equal(answer.protocol, "TLSv1.2");
  assert.match(answer.cipher ?? "", /AES256-GCM-SHA384$/u);
  await assert.rejects(server.get({ ca, minVersion: "TLSv1.3" }));
  await assert.rejects(server.get({ ca, ciphers: "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256" }));
});

const CLIENTS: readonly {
  readonly policy: string;
  readonly none: "served" | "refused";
  readonly stranger: "served" | "refused";
  readonly known: "served" | "refused";
}[] = [
  { policy: "NoClientCert", none: "served", stranger: "served", known: "served" },
  { policy: "RequestClientCert", none: "served", stranger: "served", known: "served" },
  { policy: "RequireClientCert", none: "refused", stranger: "served", known: "served" },
  { policy: "RequireAnyClientCert", none: "refused", stranger: "served", known: "served" },
  { policy: "VerifyClientCertIfGiven", none: "served", stranger: "refused", known: "served" },
  { policy: "RequireAndVerifyClientCert", none: "refused", stranger: "refused", known: "served" },
];

for (const { policy, ...expected } of CLIENTS) {
  void test(`client_auth_type ${policy}`, async (context) => {
    const { authority, server } = await serveClients(context, { policy, names: [] });
    const ca = authority.certificate;
    const known = await authority.issue({ purposes: ["client"] });
    const stranger = await (await createAuthority()).issue({ purposes: ["client"] });
    assert.equal(await outcome(server.get({ ca })), expected.none);
    assert.equal(await outcome(server.get({ ca, key: stranger.key, cert: stranger.chain })), expected.stranger);
    assert.equal(await outcome(server.get({ ca, key: known.key, cert: known.chain })), expected.known);
  });
}

void test("client_allowed_sans admits names and addresses by exact match", async (context) => {
  const { authority, server } = await serveClients(context, {
    policy: "RequireAndVerifyClientCert",
    names: ["prometheus.example.com", "2001:db8::1"],
  });
  const ca = authority.certificate;
  const client = { purposes: ["client"] } as const;
  const identities = {
    name: await authority.issue({ names: ["other.example.com", "prometheus.example.com"], addresses: [], ...client }),
    address: await authority.issue({ names: ["other.example.com"], addresses: ["2001:db8:0:0:0:0:0:1"], ...client }),
    longer: await authority.issue({ names: ["x.prometheus.example.com"], addresses: [], ...client }),
    disguised: await authority.issue({ names: ["x, DNS:prometheus.example.com"], addresses: [], ...client }),
  };
  const tried = Object.entries(identities).map(async ([name, { key, chain }]) => {
    return [name, await outcome(server.get({ ca, key, cert: chain }))] as const;
  });
  assert.deepEqual(Object.fromEntries(await Promise.all(tried)), {
    name: "served",
    address: "served",
    longer: "refused",
    disguised: "refused",
  });
});

void test("names every problem of a file at once", () => {
  const read = readWebConfig(`
tls_server_config: { cert: a, cert_file: b, client_ca: c, client_allowed_sans: [d], min_version: TLS13, max_version: TLS12 }
http_server_config: { headers: { X-Frame-Option: deny, X-Content-Type-Options: sniff } }
basic_auth_users: { alice: s3cret }
rate_limit: { interval: 1, burst: 0 }
`);
  assert.ok("problems" in read);
  assert.deepEqual(read.problems.toSorted(), [
    "Cannot read basic_auth_users.alice: expected a bcrypt hash of cost 4 to 15, such as htpasswd -nB prints, found <secret>",
    'Cannot read http_server_config.headers.X-Content-Type-Options: expected nosniff, found "sniff"',
    'Cannot read http_server_config.headers.X-Frame-Option: unknown key, did you mean "X-Frame-Options"?',
    'Cannot read rate_limit.interval: expected 0 or a duration such as "5s", found 1',
    "Cannot read tls_server_config: at most one of cert and cert_file may be set",
    "Cannot read tls_server_config: client_allowed_sans needs client_auth_type RequireAnyClientCert or RequireAndVerifyClientCert",
    "Cannot read tls_server_config: client_ca has no effect without client_auth_type",
    "Cannot read tls_server_config: max_version must not be below min_version",
    "Cannot read tls_server_config: one of key and key_file must be set",
  ]);
});

void test("names unknown suites, curves and policies, a bucket that holds nothing and a hash that costs too much", () => {
  const read = readWebConfig(`
tls_server_config: { cert_file: a, key_file: b, cipher_suites: [RC4], curve_preferences: [P-256], client_auth_type: Always }
rate_limit: { interval: 1s, burst: 0 }
basic_auth_users: { alice: "${HASH.replace("$04$", "$31$")}" }
`);
  assert.ok("problems" in read);
  assert.deepEqual(
    read.problems.map((problem) => problem.replace(/:.*/u, "")),
    [
      "Cannot read tls_server_config.client_auth_type",
      "Cannot read tls_server_config.cipher_suites[0]",
      "Cannot read tls_server_config.curve_preferences[0]",
      "Cannot read basic_auth_users.alice",
      "Cannot read rate_limit.burst",
    ],
  );
});

void test("an interval of 0 is no limit; an empty mapping is no TLS", () => {
  const read = readWebConfig("rate_limit: { interval: 0, burst: 5 }\ntls_server_config: {}\n");
  assert.ok(!("problems" in read));
  assert.deepEqual([read.rateLimit, read.tls, read.users.size, read.headers], [undefined, undefined, 0, []]);
});

void test("says which file is missing", async (context) => {
  const folder = await temporaryFolder(context);
  const path = join(folder, "web.yml");
  const missing = await loadWebConfig(path);
  assert.match(
    "problems" in missing ? missing.problems.join() : "",
    /^Cannot read the web configuration file: ENOENT/u,
  );
  await writeFile(path, "tls_server_config: { cert_file: server.pem, key_file: server.key }");
  const without = await loadWebConfig(path);
  assert.match(
    "problems" in without ? without.problems.join() : "",
    /^Cannot use tls_server_config: ENOENT.*server\.pem/u,
  );
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly protocol: string | null;
  readonly cipher: string | undefined;
}

interface Served {
  readonly problems: readonly string[];
  get(options?: RequestOptions): Promise<Answer>;
  write(file: string, content: string): Promise<void>;
  remove(file: string): Promise<void>;
  passSeconds(seconds: number): void;
  /** Ends when a look at the files that is under way has ended. */
  settled(): Promise<unknown>;
}

/** A server with the web configuration `web.yml` among these files ("" for none). */
async function serve(context: TestContext, content: "" | Readonly<Record<string, string>>): Promise<Served> {
  const folder = await temporaryFolder(context);
  const problems: string[] = [];
  let milliseconds = 0;
  const now = (): number => milliseconds;
  for (const [file, text] of Object.entries(content)) await writeFile(join(folder, file), text);
  const holder = await openWebConfig(content === "" ? "" : join(folder, "web.yml"), {
    now,
    onProblems: (found) => problems.push(...found),
  });
  assert.ok(holder instanceof WebConfigHolder, "problems" in holder ? holder.problems.join("\n") : "");
  const application = express();
  application.use(webProtection(holder, now));
  application.get("/", (_request, response) => void response.end("served"));
  const server = createWebServer(application, holder);
  // Clients that are refused are the matter of these tests.
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => server.close());
  context.after(() => server.closeAllConnections());
  const { port } = addressOf(server.address());
  return {
    problems,
    get: (options) => get({ ...options, port }, holder.current.tls === undefined ? "http" : "https"),
    write: (file, text) => writeFile(join(folder, file), text),
    remove: (file) => rm(join(folder, file)),
    passSeconds: (seconds) => {
      milliseconds += seconds * 1000;
    },
    settled: () => holder.refreshed(),
  };
}

async function serveClients(
  context: TestContext,
  { policy, names }: { readonly policy: string; readonly names: readonly string[] },
): Promise<{ readonly authority: Authority; readonly server: Served }> {
  const authority = await createAuthority();
  const clients = policy === "NoClientCert" ? {} : { client_auth_type: policy, client_ca_file: "clients.pem" };
  const settings = { cert_file: "server.pem", key_file: "server.key", ...clients, client_allowed_sans: names };
  const server = await serve(context, {
    "web.yml": JSON.stringify({ tls_server_config: settings }),
    "clients.pem": authority.certificate,
    ...files(await authority.issue()),
  });
  return { authority, server };
}

function files({ key, chain }: Identity): Readonly<Record<string, string>> {
  return { "server.pem": chain, "server.key": key };
}

async function get(options: RequestOptions, scheme: "http" | "https"): Promise<Answer> {
  const send = scheme === "http" ? plainRequest : tlsRequest;
  const request = send({ host: "127.0.0.1", agent: false, ...options });
  request.end();
  const [response] = await once(request, "response");
  response.resume();
  await once(response, "end");
  const { socket } = response;
  const secure = socket instanceof TLSSocket ? socket : undefined;
  return {
    status: response.statusCode,
    headers: response.headers,
    protocol: secure?.getProtocol() ?? null,
    cipher: secure?.getCipher().name,
  };
}

async function outcome(answer: Promise<Answer>): Promise<"served" | "refused"> {
  return await answer.then(
    ({ status }) => (status === 200 ? "served" : "refused"),
    () => "refused",
  );
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  assert.ok(typeof address === "object" && address !== null);
  return address;
}

async function temporaryFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "status-exporter-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
