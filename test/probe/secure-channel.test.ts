import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { test } from "node:test";
import { createIcmpClient } from "../../src/network/icmp-client.ts";
import type { Resolver } from "../../src/network/resolve.ts";
import { createTlsClient } from "../../src/network/tls-client.ts";
import type { TlsSettings } from "../../src/network/tls-settings.ts";
import type { Phase } from "../../src/outcome/outcome.ts";
import type { ProbeContext } from "../../src/probe/prober.ts";
import { secureChannel } from "../../src/probe/secure-channel.ts";
import { createServices } from "../../src/runner/create-services.ts";
import { type Fixture, serveTcp, serveTls, trusting } from "../network/tls-fixture.ts";
import { createAuthority, expired, selfSigned } from "../support/certificates.ts";

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

interface Recording {
  readonly context: ProbeContext;
  readonly measured: Map<string, { readonly value: number; readonly labels: unknown }>;
  readonly phases: Phase[];
  readonly messages: string[];
}

/** A context that only writes down what it is told. */
function record(): Recording {
  const recording = { measured: new Map(), phases: new Array<Phase>(), messages: new Array<string>() };
  const resolver: Resolver = {
    resolve: () => Promise.reject(new Error("Nothing here resolves names")),
    servers: () => [],
  };
  const network = { resolver, tls: createTlsClient(), icmp: createIcmpClient() };
  const context: ProbeContext = {
    module: {
      name: "test",
      timeoutSeconds: 5,
      maxResponseTimeSeconds: undefined,
      internalAddresses: "allow",
      resolver: [],
    },
    hostname: undefined,
    network,
    services: createServices(network),
    signal: new AbortController().signal,
    during: async (phase, work) => {
      recording.phases.push(phase);
      return work();
    },
    measure: (name, value, labels) => recording.measured.set(keyOf(name, labels), { value, labels }),
    withdraw: (names) => {
      for (const key of recording.measured.keys()) {
        if (names.some((name) => key === name || key.startsWith(`${name} `))) recording.measured.delete(key);
      }
    },
    noteHttpStatus: () => {},
    noteResponseTime: () => {},
    noteWait: () => {},
    secondsLeft: () => 5,
    elapsedSeconds: () => 0,
    log: (_level, message, fields) => recording.messages.push(`${message} ${JSON.stringify(fields)}`),
  };
  return { context, ...recording };
}

/** Series of one name are told apart by the position of a certificate or by the problem. */
function keyOf(name: string, labels: Readonly<Record<string, string>> = {}): string {
  const discriminator = labels["position"] ?? labels["problem"];
  return discriminator === undefined ? name : `${name} ${discriminator}`;
}

/** Each problem with what is served of it. */
function problemsIn({ measured }: Recording): Readonly<Record<string, number>> {
  const prefix = "probe_ssl_problem ";
  const problems = [...measured].filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(problems.map(([key, { value }]) => [key.slice(prefix.length), value]));
}

async function secure(server: Fixture, settings: TlsSettings, recording: Recording): Promise<void> {
  const channel = await secureChannel(await server.connect(), { settings, host: "localhost" }, recording.context);
  channel.socket.destroy();
}

function unixSeconds(date: Date): number {
  return date.getTime() / 1000;
}

/** One moment for all tests: what is made and what is expected must not fall on both sides of a second. */
const NOW_MILLISECONDS = Math.floor(Date.now() / 1000) * 1000;

function days(count: number): Date {
  return new Date(NOW_MILLISECONDS + count * DAY_MILLISECONDS);
}

test("measures the certificates and what was agreed", async () => {
  const root = await createAuthority({ notAfter: days(30) });
  const intermediate = await root.intermediate({
    notAfter: days(20),
    subject: [
      ["2.5.4.10", "Example"],
      ["2.5.4.3", "CA"],
    ],
  });
  const identity = await intermediate.issue({ notAfter: days(40), names: ["localhost", "a.example"] });
  await using server = await serveTls(identity, { maxVersion: "TLSv1.2" });
  const recording = record();
  await secure(server, trusting(root), recording);
  const x509 = new X509Certificate(identity.certificate);
  assert.deepEqual(recording.phases, ["tls"]);
  const upstream = [...recording.measured].filter(([key]) => !key.includes(" "));
  assert.deepEqual(Object.fromEntries(upstream), {
    probe_tls_version_info: { value: 1, labels: { version: "TLS 1.2" } },
    probe_tls_cipher_info: { value: 1, labels: { cipher: "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" } },
    probe_ssl_earliest_cert_expiry: { value: unixSeconds(days(20)), labels: undefined },
    probe_ssl_last_chain_expiry_timestamp_seconds: { value: unixSeconds(days(20)), labels: undefined },
    probe_ssl_last_chain_info: {
      value: 1,
      labels: {
        fingerprint_sha256: x509.fingerprint256.replaceAll(":", "").toLowerCase(),
        subject: "CN=Test Leaf",
        issuer: "CN=CA,O=Example",
        subjectalternative: "localhost,a.example",
        serialnumber: x509.serialNumber.toLowerCase(),
      },
    },
  });
});

test("measures each certificate in its position", async () => {
  const root = await createAuthority();
  const intermediate = await root.intermediate({ commonName: "Middle", keys: "RSA-2048", notBefore: days(-3) });
  const identity = await intermediate.issue({ notAfter: days(40) });
  await using server = await serveTls(identity);
  const recording = record();
  await secure(server, trusting(root), recording);
  const middle = new X509Certificate(intermediate.certificate);
  const value = (key: string) => recording.measured.get(key)?.value;
  assert.equal(value("probe_ssl_certificate_not_after_timestamp_seconds 0"), unixSeconds(days(40)));
  assert.equal(value("probe_ssl_certificate_not_before_timestamp_seconds 1"), unixSeconds(days(-3)));
  assert.equal(value("probe_ssl_certificate_info 2"), undefined);
  assert.deepEqual(recording.measured.get("probe_ssl_certificate_info 1"), {
    value: 1,
    labels: {
      position: "1",
      subject: "CN=Middle",
      issuer: "CN=Test Root",
      serialnumber: middle.serialNumber.toLowerCase(),
      fingerprint_sha256: middle.fingerprint256.replaceAll(":", "").toLowerCase(),
      key_type: "RSA",
      key_bits: "2048",
      signature_algorithm: "ECDSA-SHA256",
    },
  });
});

test("says of every problem whether it was found, also of those that nobody asked about", async () => {
  const root = await createAuthority();
  await using server = await serveTls(await root.issue());
  const recording = record();
  await secure(server, trusting(root), recording);
  assert.deepEqual(problemsIn(recording), {
    expired: 0,
    not_yet_valid: 0,
    name_mismatch: 0,
    unknown_authority: 0,
    self_signed: 0,
    chain_incomplete: 0,
    weak_signature: 0,
    weak_key: 0,
    lifetime_too_long: 0,
    revoked: 0,
    staple_missing: 0,
    invalid: 0,
  });
  const unknown = recording.messages.filter((message) => message.startsWith("Not known"));
  assert.deepEqual(unknown, ['Not known of the certificates {"problems":"revoked"}']);
});

test("judges each problem by itself", async () => {
  const identity = await selfSigned({ notBefore: days(-900), notAfter: days(-2), names: ["other.example"] });
  await using server = await serveTls(identity);
  const recording = record();
  await assert.rejects(secure(server, trusting(await createAuthority()), recording));
  const present = Object.entries(problemsIn(recording)).filter(([, value]) => value === 1);
  assert.deepEqual(present.map(([problem]) => problem).toSorted(), [
    "expired",
    "lifetime_too_long",
    "name_mismatch",
    "self_signed",
    "unknown_authority",
  ]);
});

test("measures the first ten certificates of an endless chain", async () => {
  const root = await createAuthority();
  let authority = root;
  for (let depth = 0; depth < 12; depth += 1) authority = await authority.intermediate({ commonName: `CA ${depth}` });
  await using server = await serveTls(await authority.issue());
  const recording = record();
  await assert.rejects(secure(server, trusting(root), recording));
  assert.ok(recording.measured.has("probe_ssl_certificate_info 9"));
  assert.ok(!recording.measured.has("probe_ssl_certificate_info 10"));
  assert.equal(problemsIn(recording)["chain_incomplete"], 0);
});

test("takes the longest-lived of all chains, and the shortest-lived certificate of what was sent", async () => {
  const [short, long] = [
    await createAuthority({ commonName: "Short", notAfter: days(10) }),
    await createAuthority({ commonName: "Long", notAfter: days(50) }),
  ];
  const intermediate = await short.intermediate({ notAfter: days(60) });
  const crossSigned = await long.crossSign(short, { notAfter: days(55) });
  const leaf = await intermediate.issue({ notAfter: days(70) });
  await using server = await serveTls({ ...leaf, chain: leaf.chain + crossSigned.certificate });
  const recording = record();
  await secure(server, trusting(short, long), recording);
  assert.equal(recording.measured.get("probe_ssl_earliest_cert_expiry")?.value, unixSeconds(days(55)));
  assert.equal(recording.measured.get("probe_ssl_last_chain_expiry_timestamp_seconds")?.value, unixSeconds(days(50)));
});

test("fails with the gravest problem, measures all the same, and closes", async () => {
  const identity = await selfSigned({ ...expired(), names: ["other.example"] });
  await using server = await serveTls(identity);
  const recording = record();
  const settings = trusting(await createAuthority());
  await assert.rejects(secure(server, settings, recording), {
    outcome: "tls/certificate-expired",
    detail: /expired on/,
  });
  await server.idle();
  const keys = [...recording.measured.keys()].filter((key) => !key.startsWith("probe_ssl_problem"));
  assert.deepEqual(keys.toSorted(), [
    "probe_ssl_certificate_info 0",
    "probe_ssl_certificate_not_after_timestamp_seconds 0",
    "probe_ssl_certificate_not_before_timestamp_seconds 0",
    "probe_ssl_earliest_cert_expiry",
    "probe_ssl_last_chain_info",
    "probe_tls_cipher_info",
    "probe_tls_version_info",
  ]);
  const warnings = recording.messages.filter((message) => message.startsWith("Certificate problem"));
  assert.equal(warnings.length, 4);
});

test("lets every problem pass where the settings say so, and invents no chain", async () => {
  await using server = await serveTls(await selfSigned({ ...expired(), names: ["other.example"] }));
  const recording = record();
  await secure(server, { ...trusting(await createAuthority()), insecureSkipVerify: true }, recording);
  assert.ok(recording.measured.has("probe_ssl_earliest_cert_expiry"));
  assert.ok(!recording.measured.has("probe_ssl_last_chain_expiry_timestamp_seconds"));
});

test("measures nothing when the handshake fails", async () => {
  await using server = await serveTcp((socket) => socket.once("data", () => socket.end()));
  const recording = record();
  await assert.rejects(secure(server, trusting(await createAuthority()), recording), { code: "ECONNRESET" });
  assert.deepEqual([...recording.measured], []);
});

test("replaces what an earlier channel of the same probe measured", async () => {
  const root = await createAuthority();
  const recording = record();
  await using first = await serveTls(await root.issue());
  await secure(first, trusting(root), recording);
  await using second = await serveTls(await selfSigned());
  await assert.rejects(secure(second, trusting(root), recording), { outcome: "tls/unknown-authority" });
  assert.ok(!recording.measured.has("probe_ssl_last_chain_expiry_timestamp_seconds"));
});

test("cuts a list of names that is too long for a label after a whole name", async () => {
  const root = await createAuthority();
  const names = ["localhost", ...Array.from({ length: 1000 }, (_, index) => `host-${index}.example.com`)];
  await using server = await serveTls(await root.issue({ names }));
  const recording = record();
  await secure(server, trusting(root), recording);
  const labels = recording.measured.get("probe_ssl_last_chain_info")?.labels;
  assert.ok(labels !== null && typeof labels === "object" && "subjectalternative" in labels);
  const shown = String(labels.subjectalternative);
  assert.ok(shown.length <= 4000 && shown.length > 3900, String(shown.length));
  assert.match(shown, /,host-\d+\.example\.com$/);
});
