import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { test } from "node:test";
import type { CertificateProblem } from "../../src/network/certificate-finding.ts";
import { type Certificate, readCertificate } from "../../src/network/certificate-read.ts";
import { findChains } from "../../src/network/chain-search.ts";
import { anchorsFromPem } from "../../src/network/trust.ts";
import { judge } from "../../src/network/verdict.ts";
import { createAuthority, expired, extension, notYetValid, selfSigned } from "../support/certificates.ts";

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

/** What is found present in what a server sends (PEM) as `localhost`, and what is left open. */
function findingsOn(
  sent: string,
  authorities: string,
): { readonly present: readonly CertificateProblem[]; readonly unknown: readonly CertificateProblem[] } {
  const [leaf, ...others] = certificatesIn(sent);
  assert.ok(leaf);
  const search = findChains([leaf, ...others], anchorsFromPem(authorities));
  const { findings } = judge(leaf, { search, host: "localhost", now: Date.now() / 1000 });
  assert.equal(new Set(findings.map(({ problem }) => problem)).size, 12);
  for (const { state, detail } of findings) assert.equal(state === "present", detail !== "");
  const named = (wanted: string) => findings.filter(({ state }) => state === wanted).map(({ problem }) => problem);
  return { present: named("present"), unknown: named("unknown") };
}

function certificatesIn(pem: string): readonly Certificate[] {
  const blocks = pem.match(/-----BEGIN[^-]*-----[^-]*-----END[^-]*-----/g) ?? [];
  return blocks.map((block) => readCertificate(new X509Certificate(block).raw));
}

const root = await createAuthority();
const intermediate = await root.intermediate();

/** Named: a label, what the server sends and the authorities known, then what is present. */
const CASES: readonly (readonly [name: string, sent: string, known: string, present: readonly CertificateProblem[]])[] =
  [
    ["a sound chain", (await intermediate.issue()).chain, root.certificate, []],
    ["an expired leaf", (await root.issue(expired())).chain, root.certificate, ["expired"]],
    ["a leaf that is not valid yet", (await root.issue(notYetValid())).chain, root.certificate, ["not_yet_valid"]],
    ["another name", (await root.issue({ names: ["a.example"] })).chain, root.certificate, ["name_mismatch"]],
    ["a leaf that signed itself", (await selfSigned()).chain, root.certificate, ["unknown_authority", "self_signed"]],
    ["a root that nobody knows, sent along", (await root.issue()).chain + root.certificate, "", ["unknown_authority"]],
    [
      "an intermediate that was not sent",
      (await intermediate.issue()).certificate,
      root.certificate,
      ["unknown_authority", "chain_incomplete"],
    ],
    [
      "a leaf signed over SHA-1",
      (await root.issue({ hash: "SHA-1" })).chain,
      root.certificate,
      ["invalid", "weak_signature"],
    ],
    [
      "an intermediate signed over SHA-1",
      (await (await root.intermediate({ hash: "SHA-1" })).issue()).chain,
      root.certificate,
      ["invalid", "weak_signature"],
    ],
    ["an RSA key of 1024 bits", (await root.issue({ keys: "RSA-1024" })).chain, root.certificate, ["weak_key"]],
    ["an RSA key of 2048 bits", (await root.issue({ keys: "RSA-2048" })).chain, root.certificate, []],
    ["a certificate for clients", (await root.issue({ purposes: ["client"] })).chain, root.certificate, ["invalid"]],
  ];

for (const [name, sent, known, present] of CASES) {
  test(`finds ${present.join(" and ") || "nothing"} in ${name}`, () => {
    assert.deepEqual(findingsOn(sent, known), { present, unknown: ["revoked"] });
  });
}

test("does not mind the hash of a root, which nobody has to believe", async () => {
  const old = await createAuthority({ hash: "SHA-1" });
  assert.deepEqual(findingsOn((await old.issue()).chain + old.certificate, old.certificate).present, []);
});

test("counts the best of several chains", async () => {
  const weak = await createAuthority({ keys: "RSA-1024", commonName: "Weak" });
  const crossed = await weak.crossSign(intermediate);
  const sent = (await intermediate.issue()).chain + crossed.certificate;
  assert.deepEqual(findingsOn(sent, root.certificate + weak.certificate).present, []);
  assert.deepEqual(findingsOn(sent, weak.certificate).present, ["weak_key"]);
});

/** The first and the second number of days: what a public authority may grant from that day on, and one more. */
const LIMITS = [
  ["2018-02-28", 4000, undefined],
  ["2018-03-01", 825, 826],
  ["2020-08-31", 825, 826],
  ["2020-09-01", 398, 399],
  ["2026-03-14", 398, 399],
  ["2026-03-15", 200, 201],
  ["2027-03-15", 100, 101],
  ["2029-03-15", 47, 48],
] as const;

for (const [since, allowed, tooLong] of LIMITS) {
  test(`allows a certificate of ${since} to be valid for ${allowed} days and no longer`, async () => {
    const notBefore = new Date(`${since}T00:00:00Z`);
    const lasting = async (days: number) => {
      const notAfter = new Date(notBefore.getTime() + days * DAY_MILLISECONDS - 1000);
      const { chain } = await root.issue({ notBefore, notAfter });
      return findingsOn(chain, root.certificate).present.includes("lifetime_too_long");
    };
    assert.equal(await lasting(allowed), false);
    if (tooLong !== undefined) assert.equal(await lasting(tooLong), true);
  });
}

test("leaves open whether a staple that has to be sent is missing while nobody asked for one", async () => {
  const mustStaple = extension("1.3.6.1.5.5.7.1.24", { critical: false, value: Buffer.from("3003020105", "hex") });
  const { chain } = await root.issue({ extensions: [mustStaple] });
  assert.deepEqual(findingsOn(chain, root.certificate), { present: [], unknown: ["revoked", "staple_missing"] });
});

test("leaves the name open where none is known, and still does not trust", async () => {
  const [leaf] = certificatesIn((await root.issue()).chain);
  assert.ok(leaf);
  const search = findChains([leaf], anchorsFromPem(root.certificate));
  const verdict = judge(leaf, { search, host: "", now: Date.now() / 1000 });
  assert.equal(verdict.findings.find(({ problem }) => problem === "name_mismatch")?.state, "unknown");
  assert.deepEqual(
    verdict.problems.map(({ outcome }) => outcome),
    ["tls/name-mismatch"],
  );
});
