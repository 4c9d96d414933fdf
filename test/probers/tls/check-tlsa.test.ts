import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { before, test } from "node:test";
import { createServer } from "node:tls";
import type { Report } from "../../../src/outcome/report.ts";
import { type FaultServer, startServer } from "../../faults/servers/fault-server.ts";
import { type Authority, createAuthority, type Identity, selfSigned } from "../../support/certificates.ts";
import { runProbe, valueOf } from "../../support/run-probe.ts";
import { startTlsaServer, type TlsaZone } from "./tlsa-server.ts";

let root: Authority;
let own: Identity;
let below: Identity;
let intermediate: string;

before(async () => {
  root = await createAuthority();
  own = await selfSigned();
  below = await (await root.intermediate()).issue();
  intermediate = below.chain.slice(below.certificate.length);
});

const NOTHING_KNOWN = { records: undefined, authenticated: undefined, matched: undefined };

test("asks for the records of the port under the target's name", async () => {
  await using server = await startTls(own);
  await using dns = await startTlsaServer({ records: [tlsa(3, 1, 1, own.certificate)] });

  const report = await probe(server, dns.address);

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(dns.names, [`_${server.port}._tcp.localhost`]);
  assert.deepEqual(words(report), { records: 1, authenticated: 1, matched: 1 });
});

for (const matching of [0, 1, 2] as const) {
  for (const selector of [0, 1] as const) {
    test(`knows the server's own certificate by selector ${selector} and matching type ${matching}`, async () => {
      const fits = await ask(own, { records: [tlsa(3, selector, matching, own.certificate)] });
      const other = await ask(own, { records: [tlsa(3, selector, matching, below.certificate)] });
      assert.equal(fits.outcome, "success", fits.detail);
      assert.equal(other.outcome, "tls/certificate-invalid");
      assert.match(other.detail, /none of the TLSA records of _\d+\._tcp\.localhost/);
      assert.deepEqual(words(other), { records: 1, authenticated: 1, matched: 0 });
    });
  }
}

for (const [what, usage, about, trust, fits] of [
  ["an authority that was sent along", 2, "intermediate", "nobody", true],
  ["the server's own as an authority", 2, "leaf", "nobody", false],
  ["the server's own", 3, "leaf", "nobody", true],
  ["the server's own in a chain that is trusted", 1, "leaf", "root", true],
  ["the server's own in a chain that nobody trusts", 1, "leaf", "nobody", false],
  ["an authority of a chain that is trusted", 0, "intermediate", "root", true],
  ["the root of a chain that is trusted, which was not sent", 2, "root", "root", true],
  ["an authority of a chain that nobody trusts", 0, "intermediate", "nobody", false],
] as const) {
  test(`${fits ? "accepts" : "refuses"} ${what} by usage ${usage}`, async () => {
    const about1 = { leaf: below.certificate, intermediate, root: root.certificate }[about];
    const report = await ask(below, { records: [tlsa(usage, 1, 1, about1)] }, trust === "root" ? root : undefined);
    assert.equal(report.outcome, fits ? "success" : "tls/certificate-invalid", report.detail);
  });
}

test("accepts an authority only if it has signed what was sent before it", async () => {
  const stranger = { ...own, chain: own.chain + intermediate };
  const report = await ask(stranger, { records: [tlsa(2, 0, 1, intermediate)] });
  assert.equal(report.outcome, "tls/certificate-invalid");
});

test("takes one record that fits for enough, and none that it does not know", async () => {
  const unknown = Buffer.concat([Buffer.from([4, 0, 1]), Buffer.alloc(32)]);
  const report = await ask(own, {
    records: [unknown, tlsa(3, 0, 1, below.certificate), tlsa(3, 0, 1, own.certificate)],
  });
  assert.deepEqual(words(report), { records: 2, authenticated: 1, matched: 1 });
});

test("refuses nothing because of records that may be forged", async () => {
  const report = await ask(own, { records: [tlsa(3, 0, 1, below.certificate)], authenticated: false });
  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(words(report), { records: 1, authenticated: 0, matched: 0 });
});

test("reads an answer over TCP that is too long for a datagram", async () => {
  const report = await ask(own, { records: [tlsa(3, 0, 0, own.certificate)], isLong: true });
  assert.deepEqual(words(report), { records: 1, authenticated: 1, matched: 1 });
});

for (const [what, zone, expected] of [
  ["no such name", { code: 3 }, { records: 0, authenticated: 1, matched: undefined }],
  ["no such record", {}, { records: 0, authenticated: 1, matched: undefined }],
  ["a failure of the server", { code: 2 }, NOTHING_KNOWN],
  ["a header alone", { garbage: Buffer.from([0x81, 0x80]) }, NOTHING_KNOWN],
  ["silence", { garbage: Buffer.alloc(0) }, NOTHING_KNOWN],
] as const satisfies readonly (readonly [string, TlsaZone, object])[]) {
  test(`${what} keeps nobody from trusting the server`, async () => {
    const report = await ask(own, zone);
    assert.equal(report.outcome, "success", report.detail);
    assert.deepEqual(words(report), expected);
  });
}

test("asks for nothing where the target is an address", async () => {
  await using server = await startTls(own);
  await using dns = await startTlsaServer({});
  const report = await runProbe("tls", {
    target: `127.0.0.1:${server.port}`,
    settings: { check_tlsa: true, fail_on: [] },
    module: { resolver: dns.address },
  });
  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(dns.names, []);
});

async function ask(identity: Identity, zone: TlsaZone, trusted?: Authority): Promise<Report> {
  await using server = await startTls(identity);
  await using dns = await startTlsaServer(zone);
  return await probe(server, dns.address, trusted);
}

function probe(server: FaultServer, resolver: string, trusted?: Authority): Promise<Report> {
  const trust = trusted === undefined ? {} : { tls_config: { ca: trusted.certificate } };
  return runProbe("tls", {
    target: `localhost:${server.port}`,
    settings: { ...trust, check_tlsa: true, fail_on: [], preferred_ip_protocol: "ip4" },
    module: { resolver, timeout: "2s" },
  });
}

/** A record about a certificate (PEM). */
function tlsa(usage: number, selector: 0 | 1, matching: 0 | 1 | 2, certificate: string): Buffer {
  const x509 = new X509Certificate(certificate);
  const selected = selector === 0 ? x509.raw : x509.publicKey.export({ type: "spki", format: "der" });
  const data =
    matching === 0
      ? selected
      : createHash(matching === 1 ? "sha256" : "sha512")
          .update(selected)
          .digest();
  return Buffer.concat([Buffer.from([usage, selector, matching]), data]);
}

function startTls({ key, chain }: Identity): Promise<FaultServer> {
  const server = createServer({ key, cert: chain }, (socket) => {
    socket.on("error", () => socket.destroy());
    socket.resume();
  });
  return startServer(server);
}

function words(report: Report): Readonly<Record<"records" | "authenticated" | "matched", number | undefined>> {
  return {
    records: valueOf(report, "probe_tls_tlsa_records"),
    authenticated: valueOf(report, "probe_tls_tlsa_authenticated"),
    matched: valueOf(report, "probe_tls_tlsa_matched"),
  };
}
