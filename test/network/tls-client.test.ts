import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createSecureContext } from "node:tls";
import { connect } from "../../src/network/connect.ts";
import { createTlsClient } from "../../src/network/tls-client.ts";
import { DEFAULT_TLS_SETTINGS } from "../../src/network/tls-settings.ts";
import { ProbeFailure } from "../../src/outcome/probe-failure.ts";
import { createAuthority, expired, notYetValid, selfSigned } from "../support/certificates.ts";
import { eventually } from "../support/eventually.ts";
import { open, outcomes, serveTcp, serveTls, shake, trusting } from "./tls-fixture.ts";

test("finds nothing wrong with a certificate of a trusted authority", async () => {
  const root = await createAuthority();
  const identity = await (await root.intermediate()).issue();
  await using server = await serveTls(identity);
  const channel = await shake(server, { client: createTlsClient(), settings: trusting(root) });
  assert.deepEqual(channel.verdict.problems, []);
  assert.deepEqual(
    channel.verdict.chains.map((chain) => chain.map(({ subject }) => subject)),
    [["CN=Test Leaf", "CN=Test Intermediate", "CN=Test Root"]],
  );
  assert.deepEqual(
    channel.certificates.map(({ subject }) => subject),
    ["CN=Test Leaf", "CN=Test Intermediate"],
  );
  assert.equal(channel.version, "TLS 1.3");
  assert.equal(channel.cipher, "TLS_AES_256_GCM_SHA384");
});

test("accepts an address that the certificate names", async () => {
  const root = await createAuthority();
  await using server = await serveTls(await root.issue());
  const client = createTlsClient();
  assert.deepEqual(outcomes(await shake(server, { client, settings: trusting(root), host: "127.0.0.1" })), []);
  assert.deepEqual(outcomes(await shake(server, { client, settings: trusting(root), host: "[::1]" })), []);
  const other = await shake(server, { client, settings: trusting(root), host: "127.0.0.2" });
  assert.deepEqual(outcomes(other), ["tls/name-mismatch"]);
});

test("tells an expired certificate, which one and since when", async () => {
  const root = await createAuthority();
  await using server = await serveTls(await root.issue(expired()));
  const channel = await shake(server, { client: createTlsClient(), settings: trusting(root) });
  assert.deepEqual(outcomes(channel), ["tls/certificate-expired"]);
  assert.match(
    channel.verdict.problems[0]?.detail ?? "",
    /^The certificate for CN=Test Leaf expired on \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ, 2 days ago$/,
  );
  assert.deepEqual(channel.verdict.chains, []);
});

test("tells a certificate that is not yet valid", async () => {
  const root = await createAuthority();
  await using server = await serveTls(await root.issue(notYetValid()));
  const channel = await shake(server, { client: createTlsClient(), settings: trusting(root) });
  assert.deepEqual(outcomes(channel), ["tls/certificate-not-yet-valid"]);
  assert.match(channel.verdict.problems[0]?.detail ?? "", /is not valid before .*, in 1 day$/);
});

test("judges dates by its clock", async () => {
  const root = await createAuthority();
  await using server = await serveTls(await root.issue());
  const client = createTlsClient({ now: () => Date.now() / 1000 + 365 * 86_400 });
  assert.deepEqual(outcomes(await shake(server, { client, settings: trusting(root) })), ["tls/certificate-expired"]);
});

test("tells a certificate for another name, and whom it is for", async () => {
  const root = await createAuthority();
  const names = ["a.example", "b.example", "c.example", "d.example", "e.example", "f.example"];
  await using server = await serveTls(await root.issue({ names, addresses: [], commonName: "localhost" }));
  const channel = await shake(server, { client: createTlsClient(), settings: trusting(root) });
  assert.deepEqual(channel.verdict.problems, [
    {
      outcome: "tls/name-mismatch",
      detail:
        'The certificate is for a.example, b.example, c.example, d.example, e.example and 1 more, not for "localhost"',
    },
  ]);
  assert.equal(channel.verdict.chains.length, 1);
});

test("does not take a common name for a name", async () => {
  const root = await createAuthority();
  await using server = await serveTls(await root.issue({ names: [], addresses: [], commonName: "localhost" }));
  const channel = await shake(server, { client: createTlsClient(), settings: trusting(root) });
  assert.deepEqual(outcomes(channel), ["tls/name-mismatch"]);
});

test("verifies and sends the name of the settings instead of the target's", async () => {
  const root = await createAuthority();
  const identity = await root.issue({ names: ["shop.example"] });
  const asked: (string | false | null)[] = [];
  await using server = await serveTls(identity, {
    SNICallback: (name, done) => {
      asked.push(name);
      done(null);
    },
  });
  const settings = { ...trusting(root), serverName: "shop.example" };
  assert.deepEqual(outcomes(await shake(server, { client: createTlsClient(), settings, host: "127.0.0.1" })), []);
  assert.deepEqual(asked, ["shop.example"]);
});

test("says that no name is known where neither target nor settings have one", async () => {
  const root = await createAuthority();
  await using server = await serveTls(await root.issue());
  const channel = await shake(server, { client: createTlsClient(), settings: trusting(root), host: "" });
  assert.deepEqual(outcomes(channel), ["tls/name-mismatch"]);
});

test("tells a certificate that signed itself", async () => {
  await using server = await serveTls(await selfSigned());
  const channel = await shake(server, { client: createTlsClient() });
  assert.deepEqual(channel.verdict.problems, [
    {
      outcome: "tls/unknown-authority",
      detail: "The certificate for CN=Test Leaf is signed by itself and is not a known authority",
    },
  ]);
});

test("trusts a certificate that is itself among the authorities", async () => {
  const identity = await selfSigned();
  await using server = await serveTls(identity);
  const channel = await shake(server, { client: createTlsClient(), settings: trusting(identity) });
  assert.deepEqual(outcomes(channel), []);
  assert.equal(channel.verdict.chains.length, 1);
});

test("tells an authority that nobody knows", async () => {
  const unknown = await createAuthority({ commonName: "Unknown Root" });
  const identity = await unknown.issue();
  await using server = await serveTls({ ...identity, chain: identity.certificate + unknown.certificate });
  const known = await createAuthority();
  const channel = await shake(server, { client: createTlsClient(), settings: trusting(known) });
  assert.deepEqual(channel.verdict.problems, [
    {
      outcome: "tls/unknown-authority",
      detail: "The chain ends in CN=Unknown Root, which is signed by itself and is not a known authority",
    },
  ]);
});

test("tells an authority with the name of a known one and another key", async () => {
  const impostor = await createAuthority();
  await using server = await serveTls(await impostor.issue());
  const channel = await shake(server, { client: createTlsClient(), settings: trusting(await createAuthority()) });
  assert.deepEqual(outcomes(channel), ["tls/unknown-authority"]);
  assert.match(channel.verdict.problems[0]?.detail ?? "", /another CN=Test Root/);
});

test("tells a missing intermediate, and sees at once when it is mended", async () => {
  const root = await createAuthority();
  const identity = await (await root.intermediate()).issue();
  const client = createTlsClient();
  const settings = trusting(root);
  await using broken = await serveTls({ ...identity, chain: identity.certificate });
  const channel = await shake(broken, { client, settings });
  assert.deepEqual(outcomes(channel), ["tls/unknown-authority"]);
  assert.match(channel.verdict.problems[0]?.detail ?? "", /CN=Test Intermediate.*was not sent/);
  await using mended = await serveTls(identity);
  assert.deepEqual(outcomes(await shake(mended, { client, settings })), []);
});

test("knows all problems at once, the gravest first", async () => {
  const unknown = await createAuthority();
  await using server = await serveTls(
    await unknown.issue({ ...expired(), names: ["other.example"], purposes: ["client"] }),
  );
  const channel = await shake(server, { client: createTlsClient() });
  assert.deepEqual(outcomes(channel), [
    "tls/certificate-expired",
    "tls/name-mismatch",
    "tls/certificate-invalid",
    "tls/unknown-authority",
  ]);
});

test("tells an expired intermediate", async () => {
  const root = await createAuthority();
  await using server = await serveTls(await (await root.intermediate(expired())).issue());
  const channel = await shake(server, { client: createTlsClient(), settings: trusting(root) });
  assert.deepEqual(outcomes(channel), ["tls/certificate-expired"]);
  assert.match(channel.verdict.problems[0]?.detail ?? "", /^The certificate for CN=Test Intermediate expired/);
});

test("finds the valid one of two versions of an intermediate, in whichever order they are sent", async () => {
  const [oldRoot, newRoot] = [
    await createAuthority({ commonName: "Old" }),
    await createAuthority({ commonName: "New" }),
  ];
  const valid = await newRoot.intermediate();
  const outdated = await oldRoot.crossSign(valid, expired());
  const identity = await valid.issue();
  const settings = trusting(oldRoot, newRoot);
  const orders = [
    [outdated, valid],
    [valid, outdated],
  ];
  for (const [first, second] of orders) {
    const chain = identity.certificate + (first?.certificate ?? "") + (second?.certificate ?? "");
    await using server = await serveTls({ ...identity, chain });
    const channel = await shake(server, { client: createTlsClient(), settings });
    assert.deepEqual(outcomes(channel), []);
    assert.equal(channel.verdict.chains.length, 1);
  }
});

test("looks beside the path at most once an hour for each server, for each look costs memory", async () => {
  const [oldRoot, newRoot] = [
    await createAuthority({ commonName: "Old" }),
    await createAuthority({ commonName: "New" }),
  ];
  const valid = await newRoot.intermediate();
  const outdated = await oldRoot.crossSign(valid, expired());
  const identity = await valid.issue();
  let chain = identity.certificate + outdated.certificate;
  await using server = await serveTls(identity, {
    SNICallback: (_name, done) => done(null, createSecureContext({ key: identity.key, cert: chain })),
  });
  let now = Date.now() / 1000;
  const request = { client: createTlsClient({ now: () => now }), settings: trusting(oldRoot, newRoot) };
  assert.deepEqual(outcomes(await shake(server, request)), ["tls/certificate-expired"]);
  chain = identity.certificate + outdated.certificate + valid.certificate;
  now += 6 * 3600 - 1;
  assert.deepEqual(outcomes(await shake(server, request)), ["tls/certificate-expired"]);
  now += 1;
  assert.deepEqual(outcomes(await shake(server, request)), []);
  chain = identity.certificate;
  now += 3599;
  assert.deepEqual(outcomes(await shake(server, request)), ["tls/unknown-authority"]);
});

test("lists certificates as sent where they are in disorder", async () => {
  const root = await createAuthority();
  const [stray, intermediate] = [await createAuthority({ commonName: "Stray" }), await root.intermediate()];
  const identity = await intermediate.issue();
  const chain = identity.certificate + stray.certificate + root.certificate + intermediate.certificate;
  await using server = await serveTls({ ...identity, chain });
  const judged = await shake(server, { client: createTlsClient(), settings: trusting(root) });
  assert.deepEqual(outcomes(judged), []);
  const refused = await shake(server, { client: createTlsClient(), settings: trusting(stray) });
  assert.deepEqual(outcomes(refused), ["tls/unknown-authority"]);
  assert.deepEqual(
    refused.certificates.map(({ subject }) => subject),
    ["CN=Test Leaf", "CN=Stray", "CN=Test Root", "CN=Test Intermediate"],
  );
});

test("offers application protocols and tells which was chosen", async () => {
  const root = await createAuthority();
  await using server = await serveTls(await root.issue(), { ALPNProtocols: ["h2"] });
  const client = createTlsClient();
  const chosen = await shake(server, { client, settings: trusting(root), protocols: ["h2", "http/1.1"] });
  assert.equal(chosen.protocol, "h2");
  const none = await shake(server, { client, settings: trusting(root) });
  assert.equal(none.protocol, undefined);
  await assert.rejects(shake(server, { client, settings: trusting(root), protocols: ["imap"] }), {
    code: "ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL",
  });
});

test("presents the client's certificate", async () => {
  const root = await createAuthority();
  const identity = await root.issue({ commonName: "Prober", purposes: ["client"] });
  const { promise: seen, resolve: see } = Promise.withResolvers<string | string[] | undefined>();
  await using server = await serveTls(await root.issue(), {
    requestCert: true,
    ca: root.certificate,
    onSecure: (socket) => see(socket.getPeerCertificate().subject.CN),
  });
  const settings = {
    ...trusting(root),
    certificate: { inline: () => identity.chain },
    key: { inline: () => identity.key },
  };
  const channel = await open(server, { client: createTlsClient(), settings });
  assert.equal(await seen, "Prober");
  channel.socket.destroy();
});

test("tells a server of TLS 1.2 that wants a client certificate from one without a common cipher", async () => {
  const root = await createAuthority();
  const demanding = {
    requestCert: true,
    rejectUnauthorized: true,
    ca: root.certificate,
    maxVersion: "TLSv1.2",
  } as const;
  await using server = await serveTls(await root.issue(), demanding);
  await assert.rejects(shake(server, { client: createTlsClient(), settings: trusting(root) }), {
    outcome: "tls/handshake-failed",
    detail: /may want a client certificate/,
  });
});

test("finishes the handshake with a server of TLS 1.3 that wants a client certificate: it refuses afterwards", async () => {
  const root = await createAuthority();
  const demanding = { requestCert: true, rejectUnauthorized: true, ca: root.certificate };
  await using server = await serveTls(await root.issue(), demanding);
  const channel = await open(server, { client: createTlsClient(), settings: trusting(root) });
  const [error] = await once(channel.socket.resume(), "error");
  assert.equal(error.code, "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED");
});

test("says which of the client's files cannot be used", async () => {
  const root = await createAuthority();
  const [one, other] = [await root.issue(), await root.issue()];
  await using server = await serveTls(one);
  const client = createTlsClient();
  const cases = [
    {
      certificate: inline("garbage"),
      key: inline(one.key),
      detail: /^The client certificate in tls_config cannot be used/,
    },
    { certificate: inline(one.chain), key: inline("garbage"), detail: /^The client key in tls_config cannot be used/ },
    { certificate: inline(one.chain), key: inline(other.key), detail: /^The client key in tls_config does not belong/ },
    {
      certificate: { file: "/nowhere/client.pem" },
      key: inline(one.key),
      detail: /^The client certificate in "\/nowhere/,
    },
  ];
  for (const { certificate, key, detail } of cases) {
    const settings = { ...trusting(root), certificate, key };
    await assert.rejects(shake(server, { client, settings }), (error) => {
      assert.ok(error instanceof ProbeFailure);
      assert.equal(error.outcome, "tls/certificate-invalid");
      assert.match(error.detail, detail);
      assert.doesNotMatch(error.detail, /garbage/);
      return true;
    });
  }
});

test("refuses authorities that hold no certificate", async () => {
  const root = await createAuthority();
  await using server = await serveTls(await root.issue());
  const client = createTlsClient();
  const texts = ["", "garbage", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"];
  for (const text of texts) {
    const settings = { ...DEFAULT_TLS_SETTINGS, authorities: { inline: () => text } };
    await assert.rejects(shake(server, { client, settings }), {
      outcome: "tls/unknown-authority",
      detail: /hold no certificate/,
    });
  }
  const settings = { ...DEFAULT_TLS_SETTINGS, authorities: { file: "/nowhere/ca.pem" } };
  await assert.rejects(shake(server, { client, settings }), {
    outcome: "tls/unknown-authority",
    detail: /"\/nowhere\/ca.pem"/,
  });
});

test("reads the authorities anew when their file changes", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "authorities-"));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, "ca.pem");
  const [before, after] = [
    await createAuthority({ commonName: "Before" }),
    await createAuthority({ commonName: "After" }),
  ];
  await using server = await serveTls(await after.issue());
  await writeFile(file, before.certificate);
  const client = createTlsClient();
  const settings = { ...DEFAULT_TLS_SETTINGS, authorities: { file } };
  assert.deepEqual(outcomes(await shake(server, { client, settings })), ["tls/unknown-authority"]);
  await writeFile(file, after.certificate);
  await utimes(file, 1, 1);
  // Files are looked at once a second; the monotonic clock of the process stands in for the wait.
  t.mock.method(performance, "now", () => Number.MAX_SAFE_INTEGER);
  assert.deepEqual(outcomes(await shake(server, { client, settings })), []);
});

test("speaks TLS 1.2 and newer unless asked for older versions", async () => {
  const root = await createAuthority();
  await using server = await serveTls(await root.issue(), {
    minVersion: "TLSv1",
    maxVersion: "TLSv1.1",
    ciphers: "DEFAULT:@SECLEVEL=0",
  });
  const client = createTlsClient();
  await assert.rejects(shake(server, { client, settings: trusting(root) }), {
    code: /ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION|ERR_SSL_UNSUPPORTED_PROTOCOL/,
  });
  const old = await shake(server, { client, settings: { ...trusting(root), minVersion: "TLSv1" } });
  assert.equal(old.version, "TLS 1.1");
  const oldest = await shake(server, { client, settings: { ...trusting(root), maxVersion: "TLSv1" } });
  assert.equal(oldest.version, "TLS 1.0");
});

test("refuses a lowest version above the highest", async () => {
  const root = await createAuthority();
  await using server = await serveTls(await root.issue());
  const settings = { ...trusting(root), minVersion: "TLSv1.3", maxVersion: "TLSv1.2" } as const;
  await assert.rejects(shake(server, { client: createTlsClient(), settings }), { outcome: "tls/no-common-cipher" });
});

test("rejects precisely when there is no common cipher", async () => {
  const root = await createAuthority();
  await using server = await serveTls(await root.issue(), {
    ciphers: "ECDHE-RSA-AES128-GCM-SHA256",
    maxVersion: "TLSv1.2",
  });
  await assert.rejects(shake(server, { client: createTlsClient(), settings: trusting(root) }), {
    code: "ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE",
  });
});

test("rejects precisely when the server speaks no TLS", async () => {
  await using server = await serveTcp((socket) => socket.write("220 mail.example ESMTP ready\r\n"));
  await assert.rejects(shake(server, { client: createTlsClient() }), { code: "ERR_SSL_WRONG_VERSION_NUMBER" });
});

test("rejects when the server closes in the handshake", async () => {
  await using server = await serveTcp((socket) => socket.once("data", () => socket.end()));
  await assert.rejects(shake(server, { client: createTlsClient() }), { code: "ECONNRESET" });
});

test("rejects when the server resets in the handshake", async () => {
  await using server = await serveTcp((socket) => socket.once("data", () => socket.resetAndDestroy()));
  await assert.rejects(shake(server, { client: createTlsClient() }), { code: "ECONNRESET" });
});

test("rejects when the connection is gone before the handshake", async () => {
  await using server = await serveTcp((socket) => socket.once("data", () => socket.resetAndDestroy()));
  const request = { settings: DEFAULT_TLS_SETTINGS, host: "localhost", signal: new AbortController().signal };
  const reset = await server.connect();
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  reset
    .on("error", () => {})
    .once("close", () => resolve())
    .resume()
    .write("hello");
  await closed;
  await assert.rejects(createTlsClient().secure(reset, request), { code: "ECONNRESET" });
  const destroyed = await server.connect();
  destroyed.destroy();
  await assert.rejects(createTlsClient().secure(destroyed, request), { outcome: "tls/handshake-failed" });
});

test("gives up on a silent server when aborted, and closes the connection", async () => {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const { promise: greeted, resolve: greet } = Promise.withResolvers<void>();
  await using server = await serveTcp((socket) => socket.once("data", greet).once("close", resolve));
  const controller = new AbortController();
  const shaking = shake(server, { client: createTlsClient(), signal: controller.signal });
  await greeted;
  const reason = new Error("The deadline has passed");
  controller.abort(reason);
  await assert.rejects(shaking, reason);
  await closed;
});

for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
  test(`a channel of ${version} that is aborted while it writes ends nothing but itself`, async () => {
    const root = await createAuthority();
    const identity = await root.issue();
    await using server = await serveTls(identity, { maxVersion: version, onSecure: (socket) => socket.pause() });
    const giving = new AbortController();
    const { signal } = giving;
    const socket = await connect({ ip: "127.0.0.1", port: server.port }, { signal });
    const options = { settings: trusting(root), host: "localhost", signal };
    const channel = await createTlsClient().secure(socket, options);
    // More than the buffers of both sides take, so that a part of it still waits.
    const written = new Promise((resolve) => channel.socket.write(Buffer.alloc(16 * 1024 * 1024), resolve));

    giving.abort();

    assert.ok((await written) instanceof Error);
    await eventually(() => assert.ok(channel.socket.closed));
  });
}

test("does not begin once aborted", async () => {
  await using server = await serveTcp(() => {});
  const reason = new Error("The deadline has passed");
  await assert.rejects(shake(server, { client: createTlsClient(), signal: AbortSignal.abort(reason) }), reason);
});

test("shakes hands in full each time", async () => {
  const root = await createAuthority();
  const resumed: boolean[] = [];
  await using server = await serveTls(await root.issue(), {
    onSecure: (socket) => {
      resumed.push(socket.isSessionReused());
      socket.end("hello");
    },
  });
  const client = createTlsClient();
  const settings = trusting(root);
  for (const expected of [[false], [false, false]]) {
    const channel = await open(server, { client, settings });
    // The ticket for the next session comes before the first byte.
    await once(channel.socket, "data");
    assert.deepEqual(resumed, expected);
    assert.equal(channel.certificates.length, 1);
    channel.socket.destroy();
  }
});

test("survives certificates of any size", async () => {
  const root = await createAuthority();
  const names = Array.from({ length: 3000 }, (_, index) => `host-${index}.example.com`);
  await using server = await serveTls(await root.issue({ names }));
  const channel = await shake(server, {
    client: createTlsClient(),
    settings: trusting(root),
    host: "host-2999.example.com",
  });
  assert.deepEqual(outcomes(channel), []);
});

function inline(text: string) {
  return { inline: () => text };
}
