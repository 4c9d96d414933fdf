import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { test } from "node:test";
import { readCertificate } from "../../src/network/certificate-read.ts";
import { extension, type LeafOptions, selfSigned } from "../support/certificates.ts";

async function read(options: LeafOptions) {
  const { certificate } = await selfSigned(options);
  return readCertificate(new X509Certificate(certificate).raw);
}

test("reads what a certificate says of itself", async () => {
  const notBefore = new Date("2024-02-03T04:05:06Z");
  const notAfter = new Date("2051-01-02T03:04:05Z");
  const { certificate } = await selfSigned({
    names: ["a.example", "b.example"],
    addresses: ["192.0.2.1", "2001:db8::1"],
    notBefore,
    notAfter,
  });
  const x509 = new X509Certificate(certificate);
  const { facts, flaw } = readCertificate(x509.raw);
  assert.equal(flaw, undefined);
  assert.equal(facts.fingerprintSha256, createHash("sha256").update(x509.raw).digest("hex"));
  assert.equal(facts.serialNumber, x509.serialNumber.toLowerCase());
  assert.equal(facts.subject, "CN=Test Leaf");
  assert.equal(facts.issuer, "CN=Test Leaf");
  assert.deepEqual(facts.dnsNames, ["a.example", "b.example"]);
  assert.deepEqual(facts.addresses, ["192.0.2.1", "2001:db8::1"]);
  assert.equal(facts.notBefore, notBefore.getTime() / 1000);
  assert.equal(facts.notAfter, notAfter.getTime() / 1000);
});

test("writes names as Go does: its order, its joints, its escapes", async () => {
  const { facts } = await read({
    subject: [
      ["2.5.4.6", "DE"],
      ["2.5.4.10", "Example, Inc."],
      ["2.5.4.11", "One"],
      ["2.5.4.11", "Two"],
      ["1.2.840.113549.1.9.1", "me@example.com"],
      ["0.9.2342.19200300.100.1.25", "example"],
      ["2.5.4.3", "first"],
      ["2.5.4.3", " #ü;<> "],
      ["2.5.4.5", "12"],
      ["2.5.4.7", "Town"],
      ["2.5.4.8", "State"],
      ["2.5.4.9", "Street 1"],
      ["2.5.4.17", "12345"],
    ],
  });
  assert.equal(
    facts.subject,
    "SERIALNUMBER=12,CN=\\ #ü\\;\\<\\>\\ ,POSTALCODE=12345,STREET=Street 1,ST=State,L=Town,OU=One+OU=Two," +
      "O=Example\\, Inc.,C=DE,0.9.2342.19200300.100.1.25=#13076578616d706c65," +
      "1.2.840.113549.1.9.1=#0c0e6d65406578616d706c652e636f6d",
  );
});

test("cuts subjects of more than a thousand characters", async () => {
  const { facts } = await read({ commonName: "x".repeat(2000) });
  assert.equal(facts.subject.length, 1000);
});

test("reads extensions of any number, up to a hundred", async () => {
  // The test certificate has three of its own.
  assert.equal((await read({ extensions: many(96) })).flaw, undefined);
  assert.match((await read({ extensions: many(97) })).flaw ?? "", /more than 100 extensions/);
});

test("keeps what it could read beside an extension that it could not", async () => {
  const broken = extension("2.5.29.37", { critical: false, value: Buffer.from([0x30, 0x05, 0x00]) });
  const { facts, flaw } = await read({ purposes: [], extensions: [broken] });
  assert.match(flaw ?? "", /2\.5\.29\.37/);
  assert.deepEqual(facts.dnsNames, ["localhost"]);
});

function many(count: number) {
  return Array.from({ length: count }, (_, index) =>
    extension(`1.2.3.${index}`, { critical: false, value: Buffer.from([5, 0]) }),
  );
}
