import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import type { Report } from "../../../src/outcome/report.ts";
import type { Settings } from "../../faults/fault.ts";
import { type Authority, createAuthority, expired, type Identity } from "../../support/certificates.ts";
import { pkcs12 } from "../../support/pkcs12.ts";
import { runProbe, valueOf } from "../../support/run-probe.ts";

let root: Authority;
let leaf: Identity;
let old: Identity;

before(async () => {
  root = await createAuthority();
  const intermediate = await root.intermediate();
  leaf = await intermediate.issue();
  old = await root.issue(expired());
});

test("reads certificates in PEM, among other things, and in DER", async () => {
  await using folder = await temporaryFolder();
  await folder.write("both.pem", `${leaf.key}some words\n${leaf.chain}`);
  await folder.write("leaf.der", new X509Certificate(leaf.certificate).raw);

  const report = await probe(folder, "*");

  assert.equal(report.outcome, "success", report.detail);
  const counts = report.measurements.filter(({ name }) => name === "probe_tls_file_certificates");
  assert.deepEqual(Object.fromEntries(counts.map(({ labels, value }) => [labels["file"], value])), {
    [folder.at("both.pem")]: 2,
    [folder.at("leaf.der")]: 1,
  });
  const end = Date.parse(new X509Certificate(leaf.certificate).validTo) / 1000;
  assert.equal(valueOf(report, "probe_ssl_earliest_cert_expiry"), end);
});

test("reads a PKCS#12 store with its password", async () => {
  await using folder = await temporaryFolder();
  await folder.write("store.p12", await pkcs12([leaf.certificate, root.certificate], "pass wörd"));

  const report = await probe(folder, "store.p12", { file_password: "pass wörd" });
  const wrong = await probe(folder, "store.p12", { file_password: "other" });

  assert.equal(report.outcome, "success", report.detail);
  const prints = report.measurements
    .filter(({ name }) => name === "probe_tls_file_certificate_info")
    .map(({ labels }) => labels["fingerprint_sha256"]);
  assert.deepEqual(
    prints,
    [leaf, root].map(({ certificate }) => printOf(certificate)),
  );
  assert.equal(wrong.outcome, "tls/certificate-invalid");
  assert.match(wrong.detail, /password/);
});

test("fails because of one file and tells of all", async () => {
  await using folder = await temporaryFolder();
  await folder.write("a.pem", old.chain);
  await folder.write("b.pem", leaf.chain);

  const report = await probe(folder, "*.pem");
  const passed = await probe(folder, "*.pem", { fail_on: ["weak_key"] });

  assert.equal(report.outcome, "tls/certificate-expired");
  assert.match(report.detail, /a\.pem: .*expired on/);
  const problems = report.measurements.filter(({ labels }) => labels["problem"] === "expired");
  assert.deepEqual(
    problems.map(({ value }) => value),
    [1, 0],
  );
  assert.equal(passed.outcome, "success", passed.detail);
});

test("looks into no other folder than those of the module, however wide the pattern", async () => {
  await using folder = await temporaryFolder();
  await folder.write("site.pem", leaf.chain);

  const settings = { file_folders: [folder.at(".")] };
  const started = performance.now();
  const report = await runProbe("tls", { target: `file:/**/${leaf.certificate.length}-no-such.pem`, settings });

  assert.equal(report.outcome, "request/parameter-missing", report.detail);
  // The disk has so many files that reading all their names takes several seconds.
  assert.ok(performance.now() - started < 2000);
});

test("passes over folders, whose files have names of their own", async () => {
  await using folder = await temporaryFolder();
  await mkdir(folder.at("sub"));
  await folder.write("sub/a.pem", leaf.chain);

  for (const pattern of ["**", "**/*", "sub/*"]) {
    const report = await probe(folder, pattern);
    assert.equal(report.outcome, "success", report.detail);
    assert.equal(report.measurements.filter(({ name }) => name === "probe_tls_file_certificates").length, 1);
  }
});

test("refuses a pattern that stands for too many", async () => {
  await using folder = await temporaryFolder();
  await folder.write("1.pem", leaf.chain);

  const report = await probe(folder, "{1..300000}.pem");

  assert.equal(report.outcome, "request/parameter-missing");
  assert.match(report.detail, /found a range/);
});

for (const [name, content, detail] of [
  ["no certificate", "hello\n", /neither PEM/],
  ["a key alone", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", /no certificate/],
  ["a broken certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", /Cannot use/],
  ["nothing", "", /neither PEM/],
] as const) {
  test(`calls a file with ${name} invalid`, async () => {
    await using folder = await temporaryFolder();
    await folder.write("a.pem", content);
    const report = await probe(folder, "a.pem");
    assert.equal(report.outcome, "tls/certificate-invalid");
    assert.match(report.detail, detail);
    assert.equal(valueOf(report, "probe_ssl_earliest_cert_expiry"), undefined);
  });
}

test("reads nothing outside its folders, not even through a link", async () => {
  await using folder = await temporaryFolder();
  await using elsewhere = await temporaryFolder();
  await elsewhere.write("a.pem", leaf.chain);
  await symlink(elsewhere.at("a.pem"), folder.at("link.pem"));

  for (const target of [elsewhere.at("a.pem"), folder.at("link.pem"), `${folder.path}/../*/a.pem`]) {
    const report = await runProbe("tls", { target: `file:${target}`, settings: { file_folders: [folder.path] } });
    assert.equal(report.outcome, "request/parameter-missing", report.detail);
  }
});

test("reads no files at all unless the module has folders", async () => {
  await using folder = await temporaryFolder();
  await folder.write("a.pem", leaf.chain);
  const report = await runProbe("tls", { target: `file:${folder.at("a.pem")}` });
  assert.equal(report.outcome, "request/parameter-missing");
  assert.match(report.detail, /file_folders/);
});

test("refuses what is too large, too many or no file", async () => {
  await using folder = await temporaryFolder();
  await folder.write("large.pem", Buffer.alloc(1024 * 1024 + 1));
  await mkdir(folder.at("folder.pem"));
  for (let number = 0; number <= 100; number += 1) await folder.write(`many-${number}.pem`, leaf.chain);

  for (const pattern of ["large.pem", "folder.pem", "many-*.pem", "missing.pem"]) {
    const report = await probe(folder, pattern);
    assert.equal(report.outcome, "request/parameter-missing", `${pattern}: ${report.detail}`);
  }
});

interface Folder extends AsyncDisposable {
  readonly path: string;
  at(name: string): string;
  write(name: string, content: string | Buffer): Promise<void>;
}

async function temporaryFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), "certificates-"));
  const at = (name: string): string => join(path, name);
  return {
    path,
    at,
    write: (name, content) => writeFile(at(name), content),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true }),
  };
}

function probe(folder: Folder, pattern: string, settings: Settings = {}): Promise<Report> {
  return runProbe("tls", {
    target: `file:${folder.at(pattern)}`,
    settings: { file_folders: [folder.path], ...settings },
  });
}

function printOf(certificate: string): string {
  return new X509Certificate(certificate).fingerprint256.replaceAll(":", "").toLowerCase();
}
