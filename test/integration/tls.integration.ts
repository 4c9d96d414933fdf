import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Report } from "../../src/outcome/report.ts";
import type { Settings } from "../faults/fault.ts";
import { respond } from "../faults/servers/answers.ts";
import { startHttpServer } from "../faults/servers/http-server.ts";
import { runProbe, valueOf } from "../support/run-probe.ts";
import { startDovecot } from "./support/dovecot.ts";
import { freePort } from "./support/free-port.ts";
import { integrationTest } from "./support/integration-test.ts";
import { type OpensslAuthority, opensslAuthority } from "./support/openssl-authority.ts";
import { startPostfix } from "./support/postfix.ts";
import { selfSignedCertificate } from "./support/self-signed-certificate.ts";
import { startServer } from "./support/server-process.ts";

const programs = ["openssl"];

for (const [status, outcome, revoked] of [
  ["good", "success", 0],
  ["revoked", "tls/certificate-invalid", 1],
] as const) {
  integrationTest(`openssl s_server staples that a certificate is ${status}`, {
    programs,
    async body(stack) {
      const authority = await opensslAuthority(stack);
      authority.issue("leaf");
      const response = await authority.ocspResponse("leaf", status);
      const target = await serve(stack, authority, ["-status_file", response]);

      const report = await probe(target, { authority });

      assert.equal(report.outcome, outcome, report.detail);
      assert.equal(problems(report)["revoked"], revoked);
      assert.equal(valueOf(report, "probe_tls_ocsp_stapled"), 1);
    },
  });
}

for (const format of ["PEM", "DER"] as const) {
  integrationTest(`openssl makes a list of revoked certificates (${format})`, {
    programs,
    async body(stack) {
      const authority = await opensslAuthority(stack);
      let list: string | Buffer = "";
      const place = stack.use(await startHttpServer((socket) => respond(socket, { body: list })));
      const extensions = [`crlDistributionPoints=URI:http://127.0.0.1:${place.port}/list.crl`];
      authority.issue("other", { extensions });
      authority.issue("leaf", { extensions });
      const target = await serve(stack, authority, []);
      const settings = { tls_config: { ca: authority.certificate }, check_revoked: true };
      const listOf = async (name: string): Promise<string | Buffer> => {
        const pem = await authority.revocationList([name]);
        return format === "PEM" ? pem : Buffer.from(pem.replaceAll(/-----[^-]*-----/gu, ""), "base64");
      };

      list = await listOf("other");
      const good = await probe(target, { authority, tls: settings });
      list = await listOf("leaf");
      const revoked = await probe(target, { authority, tls: settings });

      assert.equal(good.outcome, "success", good.detail);
      assert.equal(problems(good)["revoked"], 0);
      assert.equal(revoked.outcome, "tls/certificate-invalid");
      assert.equal(problems(revoked)["revoked"], 1);
    },
  });
}

integrationTest("postfix and dovecot turn to TLS where they are asked to, with all versions tried in turn", {
  programs: ["openssl", "postfix", "dovecot"],
  async body(stack, context) {
    if (process.getuid?.() !== 0) return context.skip("postfix starts as root only");
    const certificate = await selfSignedCertificate(stack);
    const account = { username: "alice", password: "correct horse" };
    const postfix = await startPostfix(stack, { certificate, account });
    const dovecot = await startDovecot(stack, { certificate, passwords: { alice: account.password }, messages: [] });
    const settings = { tls_config: { ca_file: certificate.certificate }, scan_versions: true };

    for (const target of [
      `smtp://127.0.0.1:${postfix.relay}`,
      `smtps://127.0.0.1:${postfix.implicit}`,
      `imap://127.0.0.1:${dovecot.imap}`,
      `imaps://127.0.0.1:${dovecot.imaps}`,
      `pop3://127.0.0.1:${dovecot.pop3}`,
      `pop3s://127.0.0.1:${dovecot.pop3s}`,
    ]) {
      const report = await runProbe("tls", { target, settings });
      assert.equal(report.outcome, "success", `${target}: ${report.detail}`);
      const offered = report.measurements.filter(({ name }) => name === "probe_tls_version_offered");
      const versions = Object.fromEntries(offered.map(({ labels, value }) => [labels["version"], value]));
      // Whether the old ones are offered is the distribution's choice; that it could be told is ours.
      assert.deepEqual(Object.keys(versions), ["TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3"], target);
      assert.deepEqual([versions["TLS 1.2"], versions["TLS 1.3"]], [1, 1], target);
    }

    const plain = await runProbe("tls", { target: `smtp://127.0.0.1:${postfix.plain}`, settings });
    assert.equal(plain.outcome, "tls/not-offered", plain.detail);
  },
});

integrationTest("openssl s_server speaks old versions alone", {
  programs,
  async body(stack) {
    const authority = await opensslAuthority(stack);
    authority.issue("leaf");
    const target = await serve(stack, authority, ["-tls1_1", "-cipher", "DEFAULT:@SECLEVEL=0"]);

    const usual = await probe(target, { authority });
    const old = await probe(target, {
      authority,
      tls: { scan_versions: true, tls_config: { ca: authority.certificate, min_version: "TLS10" } },
    });

    assert.equal(usual.outcome, "tls/no-common-cipher", usual.detail);
    assert.equal(old.outcome, "success", old.detail);
    const offered = old.measurements.filter(({ name }) => name === "probe_tls_version_offered");
    assert.deepEqual(
      offered.filter(({ value }) => value === 1).map(({ labels }) => labels["version"]),
      ["TLS 1.1"],
    );
    assert.equal(offered.length, 4);
  },
});

integrationTest("openssl s_server demands a client certificate", {
  programs,
  async body(stack) {
    const authority = await opensslAuthority(stack);
    authority.issue("leaf");
    const client = authority.issue("client");
    const target = await serve(stack, authority, [
      "-tls1_2",
      "-Verify",
      "1",
      "-verify_return_error",
      "-CAfile",
      "ca.pem",
    ]);
    const read = (name: string) => readFile(join(authority.directory, name), "utf8");
    const identity = { cert: await read(client.certificate), key: await read(client.key) };

    const without = await probe(target, { authority });
    const shown = await probe(target, { authority, tls: { tls_config: { ca: authority.certificate, ...identity } } });

    assert.equal(without.outcome, "tls/handshake-failed", without.detail);
    assert.equal(shown.outcome, "success", shown.detail);
  },
});

integrationTest("openssl has signed over SHA-1, with a small key, and demands a staple", {
  programs,
  async body(stack) {
    const authority = await opensslAuthority(stack);
    authority.issue("leaf", { digest: "sha1", keyBits: 1024, extensions: ["tlsfeature=status_request"] });
    const target = await serve(stack, authority, ["-cipher", "DEFAULT:@SECLEVEL=0"]);

    const report = await probe(target, { authority, tls: { fail_on: [] } });

    assert.equal(report.outcome, "success", report.detail);
    const present = Object.entries(problems(report)).filter(([, value]) => value === 1);
    assert.deepEqual(present.map(([name]) => name).toSorted(), [
      "invalid",
      "staple_missing",
      "weak_key",
      "weak_signature",
    ]);
  },
});

integrationTest("openssl packs a PKCS#12 store", {
  programs,
  async body(stack) {
    const authority = await opensslAuthority(stack);
    authority.issue("leaf");
    authority.run(
      ..."pkcs12 -export -in leaf.pem -inkey leaf.key -certfile ca.pem -passout pass:secret -out s.p12".split(" "),
    );

    const report = await runProbe("tls", {
      target: `file:${join(authority.directory, "*.p12")}`,
      settings: { file_folders: [authority.directory], file_password: "secret" },
    });

    assert.equal(report.outcome, "success", report.detail);
    assert.equal(valueOf(report, "probe_tls_file_certificates"), 2);
  },
});

/** Starts s_server with the certificate `leaf` and yields the target. */
async function serve(
  stack: AsyncDisposableStack,
  { directory }: OpensslAuthority,
  options: readonly string[],
): Promise<string> {
  const port = await freePort();
  const inDirectory = options.map((word) => (/\.(?:pem|ocsp)$/u.test(word) ? join(directory, word) : word));
  const files = ["-cert", join(directory, "leaf.pem"), "-key", join(directory, "leaf.key")];
  const args = ["s_server", "-accept", `127.0.0.1:${port}`, "-www", ...files, ...inDirectory];
  await startServer(stack, { command: "openssl", args, port });
  return `127.0.0.1:${port}`;
}

function probe(
  target: string,
  { authority, tls = {} }: { readonly authority: OpensslAuthority; readonly tls?: Settings },
): Promise<Report> {
  return runProbe("tls", { target, settings: { tls_config: { ca: authority.certificate }, ...tls } });
}

function problems(report: Report): Readonly<Record<string, number>> {
  const found = report.measurements.filter(({ name }) => name === "probe_ssl_problem");
  return Object.fromEntries(found.map(({ labels, value }) => [labels["problem"], value]));
}
