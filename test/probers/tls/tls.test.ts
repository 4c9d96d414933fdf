import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { connect, createServer as createGuard } from "node:net";
import { before, test } from "node:test";
import { createServer, type TlsOptions } from "node:tls";
import type { Report } from "../../../src/outcome/report.ts";
import type { Settings } from "../../faults/fault.ts";
import { respond } from "../../faults/servers/answers.ts";
import { type FaultServer, startServer } from "../../faults/servers/fault-server.ts";
import { type RequestHead, startHttpServer } from "../../faults/servers/http-server.ts";
import {
  type Authority,
  createAuthority,
  expired,
  extension,
  type Identity,
  type OcspOptions,
  selfSigned,
} from "../../support/certificates.ts";
import { eventually } from "../../support/eventually.ts";
import { labelsOf, problemsOfModule, runProbe, valueOf } from "../../support/run-probe.ts";

let root: Authority;
let sound: Identity;

before(async () => {
  root = await createAuthority();
  sound = await root.issue();
});

test("succeeds with a sound certificate, and tells what was agreed", async () => {
  await using server = await startTls(sound);

  const report = await probe(server, {});

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(labelsOf(report, "probe_tls_version_info"), [{ version: "TLS 1.3" }]);
  assert.equal(valueOf(report, "probe_tls_ocsp_stapled"), 0);
  assert.equal(valueOf(report, "probe_tls_embedded_scts"), 0);
  assert.equal(problems(report)["revoked"], 0);
  assert.equal(valueOf(report, "probe_tls_expires_soon"), undefined);
  await eventually(() => assert.equal(server.connections(), 0));
});

test("fails only because of the problems that the module names, and tells all of them", async () => {
  const identity = await root.issue({ ...expired(), names: ["other.example"], addresses: [], keys: "RSA-1024" });
  await using server = await startTls(identity, { ciphers: OLD_CIPHERS });
  const outcomes = [
    [[], "success"],
    [["weak_signature", "revoked"], "success"],
    [["weak_key"], "tls/certificate-invalid"],
    [["name_mismatch", "weak_key"], "tls/name-mismatch"],
    [["name_mismatch", "expired"], "tls/certificate-expired"],
  ] as const;

  for (const [failOn, outcome] of outcomes) {
    const report = await probe(server, { fail_on: failOn });
    assert.equal(report.outcome, outcome, report.detail);
    const present = Object.entries(problems(report)).filter(([, value]) => value === 1);
    assert.deepEqual(present.map(([name]) => name).toSorted(), ["expired", "name_mismatch", "weak_key"]);
  }
});

test("lets everything pass with insecure_skip_verify, unless fail_on says otherwise", async () => {
  await using server = await startTls(await selfSigned(expired()));
  const tls = { tls_config: { insecure_skip_verify: true } };

  const passed = await runProbe("tls", { target: at(server), settings: tls });
  const failed = await runProbe("tls", { target: at(server), settings: { ...tls, fail_on: ["expired"] } });

  assert.equal(passed.outcome, "success", passed.detail);
  assert.equal(failed.outcome, "tls/certificate-expired");
});

test("tells that certificates end soon, and does not call them bad for that", async () => {
  await using server = await startTls(sound);

  const soon = await probe(server, { min_days_left: 100 });
  const later = await probe(server, { min_days_left: 30 });

  assert.equal(soon.outcome, "success");
  assert.equal(valueOf(soon, "probe_tls_expires_soon"), 1);
  assert.equal(valueOf(later, "probe_tls_expires_soon"), 0);
});

test("compares pins in each of their spellings", async () => {
  await using server = await startTls(sound);
  const x509 = new X509Certificate(sound.certificate);
  const key = createHash("sha256").update(x509.publicKey.export({ type: "spki", format: "der" }));
  const pins = {
    issuer: "^CN=Test Root$",
    serial_numbers: ["00", `00${x509.serialNumber}`],
    fingerprints_sha256: [x509.fingerprint256],
    public_keys_sha256: [key.digest("base64")],
  };

  const report = await probe(server, { pins });

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(labelsOf(report, "probe_tls_pin_matched").length, 4);
  assert.ok(report.measurements.every(({ name, value }) => name !== "probe_tls_pin_matched" || value === 1));
});

for (const pins of [
  { issuer: "^CN=Another$" },
  { serial_numbers: ["01"] },
  { fingerprints_sha256: ["00".repeat(32)] },
  { public_keys_sha256: ["00".repeat(32)] },
]) {
  test(`refuses a certificate that does not fit ${Object.keys(pins)[0]}`, async () => {
    await using server = await startTls(sound);
    const report = await probe(server, { pins });
    assert.equal(report.outcome, "tls/certificate-invalid");
    assert.match(report.detail, /does not fit the pin/);
    assert.equal(valueOf(report, "probe_tls_pin_matched"), 0);
  });
}

test("tells which versions of TLS a server agrees to", async () => {
  await using server = await startTls(sound, { minVersion: "TLSv1.1", maxVersion: "TLSv1.2", ciphers: OLD_CIPHERS });

  const report = await probe(server, { scan_versions: true });

  assert.equal(report.outcome, "success", report.detail);
  const offered = report.measurements.filter(({ name }) => name === "probe_tls_version_offered");
  assert.deepEqual(Object.fromEntries(offered.map(({ labels, value }) => [labels["version"], value])), {
    "TLS 1.0": 0,
    "TLS 1.1": 1,
    "TLS 1.2": 1,
    "TLS 1.3": 0,
  });
  await eventually(() => assert.equal(server.connections(), 0));
});

test("does not fail because a server never answers a version that it does not want", async () => {
  await using server = await startTls(sound, { minVersion: "TLSv1.2" });
  await using guard = await startDeafTo(["0301", "0302"], server);

  const report = await runProbe("tls", {
    target: at(guard),
    settings: { tls_config: { ca: root.certificate }, scan_versions: true },
    module: { timeout: "3s" },
  });

  assert.equal(report.outcome, "success", report.detail);
  const offered = report.measurements.filter(({ name }) => name === "probe_tls_version_offered");
  assert.deepEqual(Object.fromEntries(offered.map(({ labels, value }) => [labels["version"], value])), {
    "TLS 1.2": 1,
    "TLS 1.3": 1,
  });
});

for (const [options, outcome, revoked] of [
  [{ status: "good" }, "success", 0],
  [{ status: "revoked" }, "tls/certificate-invalid", 1],
  [{ status: "unknown" }, "success", 0],
  [{ status: "revoked", nextUpdate: hoursFromNow(-1) }, "success", 0],
] as const satisfies readonly (readonly [OcspOptions, string, number])[]) {
  const name = "nextUpdate" in options ? `${options.status}, out of date` : options.status;
  test(`takes a staple that says ${name} for what it is`, async () => {
    await using server = await startTls(sound, { staple: await root.ocspResponse(sound.certificate, options) });

    const report = await probe(server, {});

    assert.equal(report.outcome, outcome, report.detail);
    assert.equal(problems(report)["revoked"], revoked);
    assert.equal(valueOf(report, "probe_tls_ocsp_stapled"), 1);
    assert.ok(valueOf(report, "probe_tls_ocsp_next_update_timestamp_seconds"));
    const said = "nextUpdate" in options ? [] : [{ status: options.status }];
    assert.deepEqual(labelsOf(report, "probe_tls_ocsp_status_info"), said);
  });
}

test("misses a staple that the certificate demands", async () => {
  const mustStaple = extension("1.3.6.1.5.5.7.1.24", { critical: false, value: Buffer.from("3003020105", "hex") });
  const identity = await root.issue({ extensions: [mustStaple] });
  await using bare = await startTls(identity);
  await using stapled = await startTls(identity, {
    staple: await root.ocspResponse(identity.certificate, { status: "good" }),
  });

  const missing = await probe(bare, { fail_on: ["staple_missing"] });
  const present = await probe(stapled, { fail_on: ["staple_missing"] });

  assert.equal(missing.outcome, "tls/certificate-invalid");
  assert.equal(problems(missing)["staple_missing"], 1);
  assert.equal(present.outcome, "success", present.detail);
  assert.equal(problems(present)["staple_missing"], 0);
});

test("counts the timestamps of logs that are embedded", async () => {
  const entry = Buffer.concat([Buffer.from([0, 3]), Buffer.alloc(3)]);
  const list = Buffer.concat([Buffer.from([0, 10]), entry, entry]);
  const value = Buffer.concat([Buffer.from([0x04, list.length]), list]);
  const scts = extension("1.3.6.1.4.1.11129.2.4.2", { critical: false, value });
  await using server = await startTls(await root.issue({ extensions: [scts] }));
  assert.equal(valueOf(await probe(server, {}), "probe_tls_embedded_scts"), 2);
});

test("says nothing of timestamps that are garbled, and accepts the certificate", async () => {
  const scts = extension("1.3.6.1.4.1.11129.2.4.2", { critical: false, value: Buffer.from("040400090001", "hex") });
  await using server = await startTls(await root.issue({ extensions: [scts] }));
  const report = await probe(server, {});
  assert.equal(report.outcome, "success", report.detail);
  assert.equal(valueOf(report, "probe_tls_embedded_scts"), undefined);
});

test("shows a client certificate to a server that wants one", async () => {
  const client = await root.issue({ purposes: ["client"] });
  await using server = await startTls(sound, {
    requestCert: true,
    rejectUnauthorized: true,
    ca: root.certificate,
    maxVersion: "TLSv1.2",
  });

  const without = await probe(server, {});
  const settings = { tls_config: { ca: root.certificate, cert: client.certificate, key: client.key } };
  const shown = await runProbe("tls", { target: at(server), settings });

  assert.equal(without.outcome, "tls/handshake-failed", without.detail);
  assert.equal(shown.outcome, "success", shown.detail);
});

test("asks for a page and says how", async () => {
  const requests: RequestHead[] = [];
  await using server = await startHttpServer(
    (socket, request) => {
      requests.push(request);
      respond(socket, { status: 204 });
    },
    { key: sound.key, cert: sound.chain },
  );

  const report = await runProbe("tls", {
    target: `https://${at(server)}/status?full=1`,
    settings: {
      tls_config: { ca: root.certificate },
      http_request: { method: "HEAD", authorization: "Bearer token" },
    },
  });

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(valueOf(report, "probe_tls_http_status_code"), 204);
  const [request] = requests;
  assert.equal(`${request?.method} ${request?.path}`, "HEAD /status?full=1");
  assert.ok(request?.lines.includes(`Host: ${at(server)}`));
  assert.ok(request?.lines.includes("Authorization: Bearer token"));
});

test("follows a page to another server, and looks at that one's certificate too", async () => {
  const short = hoursFromNow(1);
  const second = await root.issue({ notAfter: short });
  const seen: string[] = [];
  await using end = await startHttpServer(
    (socket, { lines }) => {
      seen.push(...lines.filter((line) => line.startsWith("Authorization")));
      respond(socket, {});
    },
    { key: second.key, cert: second.chain },
  );
  await using start = await startHttpServer(
    (socket) => respond(socket, { status: 301, headers: { Location: `https://${at(end)}/next` } }),
    { key: sound.key, cert: sound.chain },
  );

  const report = await runProbe("tls", {
    target: `https://${at(start)}/`,
    settings: { tls_config: { ca: root.certificate }, http_request: { authorization: "Bearer token" } },
  });

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(valueOf(report, "probe_ssl_earliest_cert_expiry"), short.getTime() / 1000);
  assert.equal(valueOf(report, "probe_tls_http_redirects"), 1);
  assert.deepEqual(seen, [], "the credentials are for the first server alone");
});

test("explains what is wrong with a module", () => {
  for (const [settings, expected] of [
    [{ fail_on: ["expiring"] }, /fail_on/],
    [{ starttls: "gopher" }, /starttls/],
    [{ pins: { fingerprints_sha256: ["abc"] } }, /SHA-256/],
    [{ pins: { serial_numbers: ["xyz"] } }, /serial number/],
    [{ pins: { issuer: "(" } }, /regular expression/],
    [{ min_days_left: -1 }, /negative/],
    [{ file_folders: ["relative"] }, /absolute/],
    [{ http_request: { path: "no-slash" } }, /path/],
    [{ http_request: { max_redirects: 51 } }, /0 to 50/],
    [{ http_request: { authorization: "two\nlines" } }, /header/],
  ] as const) {
    assert.match(problemsOfModule("tls", settings).join("\n"), expected);
  }
});

/** In whole seconds, as certificates have them. */
function hoursFromNow(hours: number): Date {
  return new Date((Math.floor(Date.now() / 1000) + hours * 3600) * 1000);
}

/** Without OpenSSL's usual demands on keys, and on versions below TLS 1.2. */
const OLD_CIPHERS = "DEFAULT:@SECLEVEL=0";

/** In front of a server: drops hellos of these versions (hexadecimal, as they stand in the hello) without a word. */
function startDeafTo(versions: readonly string[], server: FaultServer): Promise<FaultServer> {
  const guard = createGuard((client) => {
    client.on("error", () => client.destroy());
    client.once("data", (hello) => {
      if (versions.includes(hello.subarray(9, 11).toString("hex"))) return;
      const onward = connect(server.port, server.host, () => onward.write(hello));
      onward.on("error", () => client.destroy());
      client.on("close", () => onward.destroy());
      client.pipe(onward).pipe(client);
    });
  });
  return startServer(guard);
}

function startTls(
  { key, chain }: Identity,
  { staple, ...options }: TlsOptions & { readonly staple?: Buffer } = {},
): Promise<FaultServer> {
  const server = createServer({ key, cert: chain, ...options }, (socket) => {
    socket.on("error", () => socket.destroy());
    socket.resume();
  });
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  if (staple !== undefined) server.on("OCSPRequest", (_certificate, _issuer, callback) => callback(null, staple));
  return startServer(server);
}

function at({ host, port }: FaultServer): string {
  return `${host}:${port}`;
}

function probe(server: FaultServer, settings: Settings): Promise<Report> {
  const tls = { tls_config: { ca: root.certificate }, ...settings };
  return runProbe("tls", { target: at(server), settings: tls });
}

function problems(report: Report): Readonly<Record<string, number>> {
  const found = report.measurements.filter(({ name }) => name === "probe_ssl_problem");
  return Object.fromEntries(found.map(({ labels, value }) => [labels["problem"], value]));
}
