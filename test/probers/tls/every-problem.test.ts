import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { createServer } from "node:tls";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { CERTIFICATE_PROBLEMS, PROBLEM_OUTCOMES } from "../../../src/network/certificate-finding.ts";
import { type FaultServer, startServer } from "../../faults/servers/fault-server.ts";
import { type Authority, createAuthority } from "../../support/certificates.ts";
import { type ProblemIdentity, problemCertificates } from "../../support/problem-certificates.ts";
import { runProbe } from "../../support/run-probe.ts";

let root: Authority;

before(async () => {
  root = await createAuthority();
});

for (const problem of CERTIFICATE_PROBLEMS) {
  test(`finds ${problem} and nothing that is not there, and fails where the module says so`, async () => {
    const made = await problemCertificates(root)[problem]();
    await using server = await startTls(made);
    const settings = { tls_config: { ca: root.certificate }, fail_on: [problem] };

    const report = await runProbe("tls", { target: `127.0.0.1:${server.port}`, settings });

    const present = report.measurements.filter(({ name, value }) => name === "probe_ssl_problem" && value === 1);
    const expected = new Set([problem, ...(made.also ?? [])]);
    assert.deepEqual(new Set(present.map(({ labels }) => labels["problem"])), expected);
    assert.equal(report.outcome, PROBLEM_OUTCOMES[problem], report.detail);
  });
}

test("the script writes a certificate for each problem, with the key that belongs to it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "certificates-"));
  try {
    const script = fileURLToPath(new URL("../../support/make-certificates.ts", import.meta.url));
    await promisify(execFile)(process.execPath, [script, folder]);

    for (const name of ["sound", ...CERTIFICATE_PROBLEMS]) {
      const certificate = await readFile(join(folder, `${name}.pem`), "utf8");
      const key = createPrivateKey(await readFile(join(folder, `${name}.key`)));
      assert.ok(new X509Certificate(certificate).checkPrivateKey(key), name);
    }
    assert.ok((await readFile(join(folder, "revoked.ocsp"))).length > 0);
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** Without OpenSSL's usual demands on keys and signatures. */
const ANY_CERTIFICATE = "DEFAULT:@SECLEVEL=0";

function startTls({ identity, staple }: ProblemIdentity): Promise<FaultServer> {
  const server = createServer({ key: identity.key, cert: identity.chain, ciphers: ANY_CERTIFICATE }, (socket) => {
    socket.on("error", () => socket.destroy());
    socket.resume();
  });
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  if (staple !== undefined) server.on("OCSPRequest", (_certificate, _issuer, callback) => callback(null, staple));
  return startServer(server);
}
