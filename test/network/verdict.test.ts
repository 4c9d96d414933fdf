import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { test } from "node:test";
import { type Certificate, readCertificate } from "../../src/network/certificate-read.ts";
import { findChains } from "../../src/network/chain-search.ts";
import { anchorsFromPem } from "../../src/network/trust.ts";
import { judge, type TlsVerdict } from "../../src/network/verdict.ts";
import { type Authority, createAuthority, expired, extension, selfSigned } from "../support/certificates.ts";

/** The verdict on what a server sends (PEM) for `localhost`, given the text of the authorities. */
function verdictOn(sent: string, authorities: string, options: { readonly host?: string } = {}): TlsVerdict {
  const [leaf, ...others] = certificatesIn(sent);
  assert.ok(leaf);
  const search = findChains([leaf, ...others], anchorsFromPem(authorities));
  return judge(leaf, { search, host: options.host ?? "localhost", now: Date.now() / 1000 });
}

function certificatesIn(pem: string): readonly Certificate[] {
  const blocks = pem.match(/-----BEGIN[^-]*-----[^-]*-----END[^-]*-----/g) ?? [];
  return blocks.map((block) => readCertificate(new X509Certificate(block).raw));
}

function outcomes(verdict: TlsVerdict): readonly string[] {
  return verdict.problems.map(({ outcome }) => outcome);
}

test("accepts a leaf with the subject of its issuer, signed by another key of that name", async () => {
  const root = await createAuthority({ commonName: "Same" });
  const leaf = await root.issue({ commonName: "Same" });
  assert.deepEqual(outcomes(verdictOn(leaf.chain, root.certificate)), []);
});

test("finds every chain through cross-signed authorities", async () => {
  const [one, two] = [await createAuthority({ commonName: "One" }), await createAuthority({ commonName: "Two" })];
  const intermediate = await one.intermediate();
  const crossSigned = await two.crossSign(intermediate);
  const leaf = await intermediate.issue();
  const verdict = verdictOn(leaf.chain + crossSigned.certificate, one.certificate + two.certificate);
  assert.deepEqual(outcomes(verdict), []);
  const tops = verdict.chains.map((chain) => chain.at(-1)?.subject);
  assert.deepEqual(new Set(tops), new Set(["CN=One", "CN=Two"]));
});

test("does not mind an expired root beside a valid one of the same key", async () => {
  const old = await createAuthority({ commonName: "Old", ...expired() });
  const root = await createAuthority({ commonName: "Root" });
  const crossSigned = await old.crossSign(root);
  const leaf = await (await root.intermediate()).issue();
  const verdict = verdictOn(leaf.chain + crossSigned.certificate, old.certificate + root.certificate);
  assert.deepEqual(outcomes(verdict), []);
  assert.equal(verdict.chains.length, 1);
});

test("tells an expired root", async () => {
  const root = await createAuthority(expired());
  const verdict = verdictOn((await root.issue()).chain, root.certificate);
  assert.deepEqual(outcomes(verdict), ["tls/certificate-expired"]);
  assert.match(verdict.problems[0]?.detail ?? "", /CN=Test Root/);
});

const UNUSABLE = {
  "a certificate for clients only": async (root: Authority) => root.issue({ purposes: ["client"] }),
  "an intermediate for clients only": async (root: Authority) =>
    (await root.intermediate({ purposes: ["client"] })).issue(),
  "an issuer that is no authority": async (root: Authority) => (await root.intermediate({ authority: false })).issue(),
  "an issuer that may not sign": async (root: Authority) =>
    (await root.intermediate({ keyUsage: "digital-signature" })).issue(),
  "a chain that is too long": async (root: Authority) =>
    (await (await root.intermediate({ pathLength: 0 })).intermediate({ commonName: "Below" })).issue(),
  "an unknown critical extension": async (root: Authority) =>
    root.issue({ extensions: [extension("1.2.3.4.5", { critical: true, value: Buffer.from([5, 0]) })] }),
  "an unreadable extension": async (root: Authority) =>
    root.issue({ extensions: [extension("2.5.29.30", { critical: false, value: Buffer.from([0x30, 0x7f]) })] }),
  "an extension that comes twice": async (root: Authority) =>
    root.issue({ extensions: [extension("2.5.29.14", { critical: false, value: Buffer.from([4, 0]) })] }),
  "a signature over SHA-1": async (root: Authority) => root.issue({ hash: "SHA-1" }),
  "a name outside the permitted ones": async (root: Authority) =>
    (await root.intermediate({ permitted: { names: ["example.com"] } })).issue(),
  "an excluded name": async (root: Authority) =>
    (await root.intermediate({ excluded: { names: ["localhost"] } })).issue(),
  "an excluded network": async (root: Authority) =>
    (await root.intermediate({ excluded: { networks: ["127.0.0.0/255.0.0.0"] } })).issue(),
  "an address outside the permitted networks": async (root: Authority) =>
    (await root.intermediate({ permitted: { networks: ["10.0.0.0/255.0.0.0"] } })).issue(),
  "a wildcard that reaches an excluded name": async (root: Authority) =>
    (await root.intermediate({ excluded: { names: ["bad.example.com"] } })).issue({
      names: ["localhost", "*.example.com"],
    }),
} as const;

for (const [what, make] of Object.entries(UNUSABLE)) {
  test(`holds ${what} invalid, and its authority known`, async () => {
    const root = await createAuthority();
    const identity = await make(root);
    assert.deepEqual(outcomes(verdictOn(identity.chain, root.certificate)), ["tls/certificate-invalid"]);
  });
}

test("accepts names that lie within all constraints", async () => {
  const root = await createAuthority({ excluded: { names: ["bad.example.com"], networks: ["10.0.0.0/255.0.0.0"] } });
  const permitted = { names: ["example.com", "localhost"], networks: ["127.0.0.0/255.0.0.0", "::1/ffff::"] };
  const intermediate = await root.intermediate({ permitted });
  const identity = await intermediate.issue({
    names: ["localhost", "www.example.com", "example.com"],
    addresses: ["127.0.0.1"],
  });
  assert.deepEqual(outcomes(verdictOn(identity.chain, root.certificate)), []);
});

test("accepts purposes and limits that are met exactly", async () => {
  const root = await createAuthority({ pathLength: 1, purposes: ["any"] });
  const intermediate = await root.intermediate({ pathLength: 0, purposes: ["server", "client"] });
  assert.deepEqual(outcomes(verdictOn((await intermediate.issue({ purposes: [] })).chain, root.certificate)), []);
});

test("passes over an unknown extension that is not critical", async () => {
  const root = await createAuthority();
  const identity = await root.issue({
    extensions: [extension("1.2.3.4.5", { critical: false, value: Buffer.from([5, 0]) })],
  });
  assert.deepEqual(outcomes(verdictOn(identity.chain, root.certificate)), []);
});

test("holds a certificate invalid whose content was changed after it was signed", async () => {
  const root = await createAuthority();
  const { certificate } = await root.issue({ names: ["localhosu"] });
  const der = new X509Certificate(certificate).raw;
  const text = der.toString("latin1").replace("localhosu", "localhost");
  const pem = `-----BEGIN CERTIFICATE-----\n${Buffer.from(text, "latin1").toString("base64")}\n-----END CERTIFICATE-----\n`;
  const verdict = verdictOn(pem, root.certificate);
  assert.deepEqual(outcomes(verdict), ["tls/certificate-invalid"]);
  assert.match(verdict.problems[0]?.detail ?? "", /signature/);
});

test("takes a server that serves its own root for one of an unknown authority", async () => {
  const unknown = await createAuthority();
  const known = await createAuthority({ commonName: "Known" });
  const { certificate } = await unknown.issue();
  assert.deepEqual(outcomes(verdictOn(certificate + unknown.certificate, known.certificate)), [
    "tls/unknown-authority",
  ]);
});

test("does not call a certificate of an impostor with a trusted name changed", async () => {
  const trusted = await createAuthority();
  const impostor = await createAuthority();
  const verdict = verdictOn((await impostor.issue()).certificate + impostor.certificate, trusted.certificate);
  assert.deepEqual(outcomes(verdict), ["tls/unknown-authority"]);
  const self = verdictOn((await selfSigned({ commonName: "Test Root" })).certificate, trusted.certificate);
  assert.deepEqual(outcomes(self), ["tls/unknown-authority"]);
});

test("ends its search among authorities that sign each other in circles", async () => {
  const all = await Promise.all(Array.from({ length: 8 }, () => createAuthority({ commonName: "Circle" })));
  const known = await createAuthority({ commonName: "Known" });
  const crossSigned = await Promise.all(all.flatMap((one) => all.map((other) => one.crossSign(other))));
  const leaf = await all[0]?.issue();
  assert.ok(leaf);
  const sent = [leaf.certificate, ...crossSigned.map(({ certificate }) => certificate)].join("");
  const verdict = verdictOn(sent, known.certificate);
  assert.deepEqual(outcomes(verdict), ["tls/unknown-authority"]);
  assert.match(verdict.problems[0]?.detail ?? "", /within (10 certificates|100 signatures)/);
});

test("accepts a chain of ten certificates and no longer one", async () => {
  const root = await createAuthority();
  let authority = root;
  for (let depth = 1; depth <= 8; depth += 1)
    authority = await authority.intermediate({ commonName: `Level ${depth}` });
  assert.deepEqual(outcomes(verdictOn((await authority.issue()).chain, root.certificate)), []);
  authority = await authority.intermediate({ commonName: "Level 9" });
  assert.deepEqual(outcomes(verdictOn((await authority.issue()).chain, root.certificate)), ["tls/unknown-authority"]);
});

test("trusts a leaf among the authorities whatever signed it, but judges its dates", async () => {
  const root = await createAuthority();
  const { certificate } = await root.issue(expired());
  assert.deepEqual(outcomes(verdictOn(certificate, certificate)), ["tls/certificate-expired"]);
});

test("shows names of any length short", async () => {
  const { certificate } = await selfSigned({ commonName: "x".repeat(5000), names: ["y".repeat(5000)] });
  const verdict = verdictOn(certificate, (await createAuthority()).certificate);
  assert.deepEqual(outcomes(verdict), ["tls/name-mismatch", "tls/unknown-authority"]);
  for (const { detail } of verdict.problems) assert.ok(detail.length < 300, detail);
});
