import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { rootCertificates } from "node:tls";
import { promisify } from "node:util";
import { fingerprint } from "../../src/network/certificate-read.ts";
import { anchorsFromPem, defaultAnchors } from "../../src/network/trust.ts";
import { createAuthority } from "../support/certificates.ts";

const print = (pem: string) => fingerprint(new X509Certificate(pem).raw);

test("reads every certificate of a text, once each, and tells those that it cannot read", async () => {
  const [one, two] = [await createAuthority(), await createAuthority()];
  const broken = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
  const anchors = anchorsFromPem(`# ours\n${one.certificate}${broken}${two.certificate}${one.certificate}`);
  assert.deepEqual(anchors.fingerprints, new Set([print(one.certificate), print(two.certificate)]));
  assert.equal([...anchors.bySubject.values()].flat().length, 2);
  assert.equal(anchors.warnings.length, 1);
});

test("knows the same authorities by the same id, whatever their order", async () => {
  const [one, two] = [await createAuthority(), await createAuthority()];
  const { id } = anchorsFromPem(one.certificate + two.certificate);
  assert.equal(anchorsFromPem(two.certificate + one.certificate).id, id);
  assert.notEqual(anchorsFromPem(one.certificate).id, id);
});

test("trusts by default all that Node brings along", () => {
  const { fingerprints } = defaultAnchors();
  assert.ok(rootCertificates.length > 100);
  assert.deepEqual(
    rootCertificates.filter((pem) => !fingerprints.has(print(pem))),
    [],
  );
});

test("trusts by default what SSL_CERT_FILE and NODE_EXTRA_CA_CERTS name", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "trust-"));
  t.after(() => rm(folder, { recursive: true }));
  const [system, extra] = [await createAuthority(), await createAuthority()];
  const [systemFile, extraFile] = [join(folder, "system.pem"), join(folder, "extra.pem")];
  await writeFile(systemFile, system.certificate);
  await writeFile(extraFile, extra.certificate);
  const module = new URL("../../src/network/trust.ts", import.meta.url).href;
  const script = `import { defaultAnchors } from ${JSON.stringify(module)}; console.log([...defaultAnchors().fingerprints].join());`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
    env: { ...process.env, SSL_CERT_FILE: systemFile, NODE_EXTRA_CA_CERTS: extraFile },
  });
  assert.ok(stdout.includes(print(system.certificate)));
  assert.ok(stdout.includes(print(extra.certificate)));
});
