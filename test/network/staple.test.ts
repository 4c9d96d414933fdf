import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { test } from "node:test";
import { readCertificate } from "../../src/network/certificate-read.ts";
import { readStaple, type StapledResponse } from "../../src/network/staple.ts";
import { createAuthority, expired, type Identity, type OcspOptions } from "../support/certificates.ts";

const root = await createAuthority();
const leaf = await root.issue();

function judge(response: Buffer, subject: Identity = leaf): StapledResponse {
  const [certificate, issuer] = [subject.certificate, root.certificate].map((pem) =>
    readCertificate(new X509Certificate(pem).raw),
  );
  assert.ok(certificate);
  return readStaple(response, { leaf: certificate, issuer, now: Date.now() / 1000 });
}

function daysFromNow(days: number): Date {
  return new Date(Math.floor(Date.now() / 1000) * 1000 + days * 24 * 60 * 60 * 1000);
}

for (const status of ["good", "revoked", "unknown"] as const) {
  test(`believes an authority that says ${status}`, async () => {
    const nextUpdate = daysFromNow(2);
    const judged = judge(await root.ocspResponse(leaf.certificate, { status, nextUpdate }));
    assert.equal(judged.status, status, judged.detail);
    assert.equal(judged.nextUpdate, nextUpdate.getTime() / 1000);
    assert.equal(judged.detail === "", status !== "revoked");
  });
}

test("believes a word without an end for ten days", async () => {
  const options = { status: "good", thisUpdate: daysFromNow(-9), nextUpdate: "none" } as const;
  const judged = judge(await root.ocspResponse(leaf.certificate, options));
  assert.equal(judged.status, "good", judged.detail);
  assert.equal(judged.nextUpdate, undefined);
});

test("believes whom the authority has appointed", async () => {
  const responder = await root.issue({ purposes: ["ocsp"] });
  assert.equal(judge(await root.ocspResponse(leaf.certificate, { status: "good", responder })).status, "good");
});

const other = await createAuthority();
const WORTHLESS: readonly (readonly [name: string, options: OcspOptions, detail: RegExp])[] = [
  ["who was not appointed", { status: "good", responder: await root.issue() }, /signature/],
  [
    "whom another authority has appointed",
    { status: "good", responder: await other.issue({ purposes: ["ocsp"] }) },
    /signature/,
  ],
  [
    "whose appointment has ended",
    { status: "good", responder: await root.issue({ purposes: ["ocsp"], ...expired() }) },
    /signature/,
  ],
  ["whose word is out of date", { status: "good", nextUpdate: daysFromNow(-0.5) }, /out of date/],
  ["whose old word has no end", { status: "good", thisUpdate: daysFromNow(-11), nextUpdate: "none" }, /out of date/],
  ["whose word is of the future", { status: "good", thisUpdate: daysFromNow(1) }, /future/],
];

for (const [name, options, detail] of WORTHLESS) {
  test(`learns nothing from a responder ${name}`, async () => {
    const judged = judge(await root.ocspResponse(leaf.certificate, options));
    assert.equal(judged.status, undefined);
    assert.match(judged.detail, detail);
  });
}

test("learns nothing from a response about another certificate", async () => {
  const judged = judge(await root.ocspResponse((await root.issue()).certificate, { status: "good" }));
  assert.equal(judged.status, undefined);
  assert.match(judged.detail, /another certificate/);
});

test("learns nothing from garbage, whatever it is", async () => {
  const sound = await root.ocspResponse(leaf.certificate, { status: "good" });
  const cut = Array.from({ length: sound.length }, (_, length) => sound.subarray(0, length));
  for (const response of [...cut, Buffer.alloc(100_000), Buffer.from("30030a0106", "hex")]) {
    assert.equal(judge(response).status, undefined);
  }
});

test("learns nothing from a response with a single bit changed in what is signed", async () => {
  const sound = await root.ocspResponse(leaf.certificate, { status: "revoked" });
  const changed = Buffer.from(sound);
  const at = changed.indexOf(Buffer.from("a111180f", "hex"));
  assert.ok(at > 0);
  changed[at + 9] = (changed[at + 9] ?? 0) ^ 0x01;
  assert.equal(judge(changed).status, undefined);
});
