import assert from "node:assert/strict";
import { createPublicKey, createVerify, generateKeyPairSync } from "node:crypto";
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startStreamServer } from "../../faults/servers/stream-server.ts";
import { httpModule, probeHttp } from "./probe-http.ts";
import { type Answer, type Received, startWebServer } from "./web-server.ts";

test("sends the configured credentials, from the file or written out", async () => {
  await using server = await startWebServer({});
  await using directory = await mkdtempDisposable(join(tmpdir(), "secret-"));
  const file = join(directory.path, "secret");
  await writeFile(file, "from-file\n");
  const blocks = [
    { basic_auth: { username: "monitor", password: "hünter2" } },
    { basic_auth: { username_file: file, password_file: file } },
    { authorization: { credentials: "token" } },
    { authorization: { type: "Custom", credentials_file: file } },
    { bearer_token: "old-token" },
    { bearer_token_file: file },
    { headers: { Authorization: "Own value" }, basic_auth: { username: "loses" } },
  ];
  for (const block of blocks) assert.equal((await probeHttp(server.url, block)).outcome, "success");
  assert.deepEqual(
    server.received.map(({ headers }) => headers["authorization"]),
    [
      `Basic ${Buffer.from("monitor:hünter2").toString("base64")}`,
      `Basic ${btoa("from-file:from-file")}`,
      "Bearer token",
      "Custom from-file",
      "Bearer old-token",
      "Bearer from-file",
      "Own value",
    ],
  );
});

test("says so when a secret's file cannot be read", async () => {
  await using server = await startWebServer({});
  const report = await probeHttp(server.url, { bearer_token_file: "/nonexistent/token" });
  assert.equal(report.outcome, "request/parameter-missing");
  assert.match(report.detail, /\/nonexistent\/token/);
  assert.equal(server.received.length, 0);
});

test("calls 401 a rejected login only where credentials are configured and 401 is not expected", async () => {
  await using server = await startWebServer({ status: 401 });
  const basic_auth = { username: "monitor", password: "hunter2" };
  const report = await probeHttp(server.url, { basic_auth });
  assert.deepEqual(
    [report.outcome, report.detail],
    ["login/rejected", "The server refused the credentials: 401 Unauthorized"],
  );
  assert.doesNotMatch(JSON.stringify(report), /hunter2/);
  assert.equal((await probeHttp(server.url)).outcome, "content/status-not-allowed");
  assert.equal((await probeHttp(server.url, { basic_auth, valid_status_codes: [401] })).outcome, "success");
});

/** A token's server that counts its tokens; they last so many seconds. */
function tokens(expiresIn: number | undefined): () => Answer {
  let count = 0;
  return () => {
    count += 1;
    return { body: JSON.stringify({ access_token: `token-${count}`, token_type: "Bearer", expires_in: expiresIn }) };
  };
}

test("gets an OAuth2 token once and keeps it until shortly before it expires", async () => {
  await using server = await startWebServer({});
  await using issuer = await startWebServer(tokens(3600));
  const oauth2 = {
    client_id: "monitor id",
    client_secret: "hunter2",
    token_url: `${issuer.url}/token`,
    scopes: ["read", "write"],
    endpoint_params: { audience: "shop" },
  };
  const probe = httpModule({ oauth2 });
  const report = await probe(server.url);
  assert.deepEqual([report.outcome, report.detail], ["success", ""]);
  assert.doesNotMatch(JSON.stringify(report), /hunter2|token-1/);
  assert.equal((await probe(server.url)).outcome, "success");
  assert.deepEqual(
    server.received.map(({ headers }) => headers["authorization"]),
    ["Bearer token-1", "Bearer token-1"],
  );
  const [request] = issuer.received;
  assert.equal(issuer.received.length, 1);
  assert.equal(request?.method, "POST");
  assert.equal(request.headers["authorization"], `Basic ${btoa("monitor+id:hunter2")}`);
  assert.deepEqual(Object.fromEntries(new URLSearchParams(request.body)), {
    audience: "shop",
    grant_type: "client_credentials",
    scope: "read write",
  });
});

test("gets a new token where none may be kept: not configured, no lifetime, nearly expired", async () => {
  for (const [expiresIn, keys] of [
    [3600, { cache_oauth2_token: false }],
    [undefined, {}],
    [9, {}],
  ] as const) {
    await using server = await startWebServer({});
    await using issuer = await startWebServer(tokens(expiresIn));
    const probe = httpModule({ oauth2: { client_id: "monitor", token_url: issuer.url }, ...keys });
    await probe(server.url);
    await probe(server.url);
    assert.equal(server.received[1]?.headers["authorization"], "Bearer token-2");
  }
});

test("forgets a token that the target refuses", async () => {
  await using server = await startWebServer(({ headers }) => ({
    status: headers["authorization"] === "Bearer token-2" ? 200 : 401,
  }));
  await using issuer = await startWebServer(tokens(3600));
  const probe = httpModule({ oauth2: { client_id: "monitor", token_url: issuer.url } });
  assert.equal((await probe(server.url)).outcome, "login/rejected");
  assert.equal((await probe(server.url)).outcome, "success");
});

test("puts the client's credentials into the form where the token's server wants them there", async () => {
  await using server = await startWebServer({});
  await using issuer = await startWebServer(({ body }) =>
    body.includes("client_secret=hunter2")
      ? { headers: { "content-type": "application/x-www-form-urlencoded" }, body: "access_token=form-token" }
      : { status: 401 },
  );
  const oauth2 = { client_id: "monitor", client_secret: "hunter2", token_url: issuer.url };
  assert.equal((await probeHttp(server.url, { oauth2 })).outcome, "success");
  assert.equal(server.received[0]?.headers["authorization"], "Bearer form-token");
  assert.equal(issuer.received[1]?.headers["authorization"], undefined);
});

test("signs the assertion of a jwt-bearer grant", async () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  await using server = await startWebServer({});
  await using issuer = await startWebServer(tokens(3600));
  const oauth2 = {
    client_id: "monitor",
    client_certificate_key: privateKey,
    client_certificate_key_id: "key-1",
    signature_algorithm: "RS384",
    grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
    token_url: issuer.url,
    audience: "shop",
    claims: { team: "checkout" },
    scopes: ["read"],
  };
  assert.equal((await probeHttp(server.url, { oauth2 })).outcome, "success");
  const form = new URLSearchParams(issuer.received[0]?.body);
  assert.equal(form.get("grant_type"), oauth2.grant_type);
  const [header = "", claims = "", signature = ""] = (form.get("assertion") ?? "").split(".");
  assert.deepEqual(decoded(header), { alg: "RS384", typ: "JWT", kid: "key-1" });
  const { iat, exp, ...rest } = decoded(claims);
  assert.deepEqual(rest, { team: "checkout", iss: "monitor", sub: "monitor", aud: "shop", scope: "read" });
  assert.equal(Number(exp) - Number(iat), 3600);
  const verify = createVerify("RSA-SHA384").update(`${header}.${claims}`);
  assert.ok(verify.verify(createPublicKey(publicKey), signature, "base64url"));
});

function decoded(part: string): Record<string, unknown> {
  const value: Record<string, unknown> = JSON.parse(Buffer.from(part, "base64url").toString());
  return value;
}

test("calls it a rejected login, and names the token's server, where no token can be had", async () => {
  await using server = await startWebServer({});
  await using refusing = await startWebServer({ status: 400, body: '{"error":"invalid_client"}' });
  await using odd = await startWebServer({ body: "<html>" });
  const huge = "a".repeat(1024 * 1024 + 1);
  await using large = await startWebServer({ body: huge });
  const cases = [
    [refusing.url, /answered 400 \(invalid_client\)/],
    [odd.url, /answered 200 without a usable access_token/],
    [large.url, /larger than/],
    ["http://127.0.0.1:1", /127\.0\.0\.1:1.*(?:refused|ECONNREFUSED)/i],
    ["http://no-such-name.invalid", /no-such-name\.invalid/],
  ] as const;
  for (const [token_url, detail] of cases) {
    const report = await probeHttp(server.url, {
      oauth2: { client_id: "monitor", client_secret: "hunter2", token_url },
    });
    assert.equal(report.outcome, "login/rejected", token_url);
    assert.match(report.detail, detail);
    assert.match(report.detail, /OAuth2 token/);
    assert.doesNotMatch(JSON.stringify(report), /hunter2/);
    assert.ok(!report.measurements.some(({ name }) => name === "probe_ip_addr_hash"));
  }
  assert.equal(server.received.length, 0);
});

test("lets an internal token's server be, where the target may not be internal", async () => {
  await using issuer = await startWebServer((request: Received) => ({ body: `{"access_token":"${request.method}"}` }));
  const report = await probeHttp(
    "http://127.0.0.1:1/",
    { oauth2: { client_id: "monitor", token_url: issuer.url } },
    { internalAddresses: "forbid" },
  );
  assert.equal(report.outcome, "policy/internal-address");
  assert.equal(issuer.received.length, 1);
});

test("ends at the deadline where the token's server stays silent", async () => {
  await using silent = await startStreamServer(() => undefined);
  const report = await probeHttp(
    "http://127.0.0.1:1/",
    { oauth2: { client_id: "monitor", token_url: `http://${silent.host}:${silent.port}/` } },
    { timeoutSeconds: 0.3 },
  );
  assert.equal(report.outcome, "exchange/timeout");
  assert.match(report.detail, /phase login/);
});
