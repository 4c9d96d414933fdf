import assert from "node:assert/strict";
import { before, test } from "node:test";
import { createSecureContext, TLSSocket } from "node:tls";
import type { Settings } from "../../faults/fault.ts";
import { type FtpScript, LISTING, README, startFtpServer, type Talk } from "../../faults/ftp/ftp-server.ts";
import { createAuthority, type Identity, selfSigned } from "../../support/certificates.ts";
import { valueOf } from "../../support/run-probe.ts";
import { EVERYTHING, probeFtp, transferred } from "./probe-ftp.ts";

const LOGIN: Settings = { username: "prober", password: "correct-horse" };

let identity: Identity;
let trust: Settings = {};

before(async () => {
  const authority = await createAuthority();
  identity = await authority.issue();
  trust = { tls_config: { ca: authority.certificate } };
});

for (const security of ["explicit", "implicit"] as const) {
  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    void test(`secures both kinds of connections with ${security} ${version}, and takes up the session`, async () => {
      await using server = await startSecure({ version, ...(security === "implicit" ? { security } : {}) });

      const ftp = { ...EVERYTHING, ...LOGIN, ...trust, starttls: "required" };
      const report = await probeFtp(server, { ftp, ...(security === "implicit" ? { scheme: "ftps" } : {}) });

      assert.equal(report.outcome, "success", report.detail);
      assert.deepEqual(server.resumptions, [true, true, true]);
      assert.deepEqual(transferred(report), { list: LISTING.length, download: README.length, upload: 1024 });
      assert.equal(valueOf(report, "probe_ftp_starttls_used"), security === "implicit" ? undefined : 1);
      assert.equal(server.lines.includes("AUTH TLS"), security === "explicit");
      const protection = server.lines.indexOf("PROT P");
      assert.deepEqual(server.lines.slice(protection - 2, protection), ["TYPE I", "PBSZ 0"]);
    });
  }
}

void test("asks for TLS where the server may have it, and goes on without where it has none", async () => {
  await using server = await startFtpServer({ commands: { AUTH: "530 Please log in" } });

  const report = await probeFtp(server, { ftp: { list: true } });

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(valueOf(report, "probe_ftp_starttls_used"), 0);
});

for (const reply of ["500 Unknown command", "502 Not implemented", "534 Policy", "530 Please log in", "431 Not now"]) {
  void test(`is tls/not-offered where the module requires TLS and AUTH is answered with ${reply}`, async () => {
    await using server = await startFtpServer({ commands: { AUTH: reply } });

    const report = await probeFtp(server, { ftp: { ...LOGIN, starttls: "required" } });

    assert.equal(report.outcome, "tls/not-offered");
    assert.match(report.detail, new RegExp(`AUTH TLS with "${reply}"$`));
    assert.deepEqual(server.lines, ["AUTH TLS"]);
  });
}

void test("refuses what comes in the clear after the consent to TLS, at once or a little later", async () => {
  const injected = "230 Logged in\r\n";
  const together = (talk: Talk): unknown => talk.socket.write(`234 Proceed\r\n${injected}`);
  const apart = (talk: Talk): unknown => talk.socket.write("234 Proceed\r\n", () => talk.socket.write(injected));
  for (const [AUTH, outcome] of [
    [together, /^exchange\/malformed$/] as const,
    [apart, /^(?:exchange|tls)\//] as const,
  ]) {
    await using server = await startFtpServer({ commands: { AUTH } });

    const report = await probeFtp(server, { ftp: LOGIN });

    assert.match(report.outcome, outcome);
    assert.equal(server.lines.filter((line) => /^(?:USER|PASS)/.test(line)).length, 0);
  }
});

void test("what was said in the clear before AUTH TLS was sent is no answer to it", async () => {
  await using server = await startFtpServer({ greeting: (talk) => talk.socket.write("220 Ready\r\n234 Proceed\r\n") });

  const report = await probeFtp(server, { ftp: LOGIN });

  assert.equal(report.outcome, "exchange/malformed");
  assert.deepEqual(server.lines, []);
});

void test("shows the server's words where it refuses a data connection after its announcement", async () => {
  await using server = await startSecure({
    commands: {
      async RETR(talk) {
        talk.say("150 Here it comes");
        const data = await talk.data();
        data.end(() => talk.say("522 SSL connection failed: session reuse required"));
      },
    },
  });

  const report = await probeFtp(server, { ftp: { ...trust, download: "readme.txt" } });

  assert.equal(report.outcome, "exchange/transfer-failed");
  assert.match(report.detail, /RETR readme\.txt with "522 SSL connection failed: session reuse required"$/);
});

void test("a data connection with another certificate is judged like the control connection", async () => {
  const stranger = await selfSigned();
  await using server = await startSecure({
    commands: {
      async RETR(talk) {
        talk.say("150 Here it comes");
        const raw = await talk.rawData();
        const secureContext = createSecureContext({ key: stranger.key, cert: stranger.chain });
        new TLSSocket(raw, { isServer: true, secureContext }).on("error", () => raw.destroy()).end(README);
        raw.on("close", () => talk.say("426 Connection closed"));
      },
    },
  });

  const report = await probeFtp(server, { ftp: { ...trust, download: "readme.txt" } });

  assert.equal(report.outcome, "tls/unknown-authority");
  assert.match(report.detail, /^On the data connection: /);
  assert.deepEqual(transferred(report), {});
});

void test("a data connection on which the server speaks no TLS is a transfer that failed", async () => {
  await using server = await startSecure({
    commands: {
      async RETR(talk) {
        talk.say("150 Here it comes");
        const raw = await talk.rawData();
        raw.end(README, () => talk.say("226 Transfer complete"));
      },
    },
  });

  const report = await probeFtp(server, { ftp: { ...trust, download: "readme.txt" } });

  assert.equal(report.outcome, "exchange/transfer-failed");
  assert.match(report.detail, /^Cannot start TLS on the data connection: /);
});

void test("a server that does not protect data connections fails the command", async () => {
  await using server = await startSecure({ commands: { PROT: "536 Not supported" } });

  const report = await probeFtp(server, { ftp: { ...trust, list: true } });

  assert.equal(report.outcome, "exchange/command-failed");
  assert.match(report.detail, /PROT P with "536 Not supported"$/);
});

function startSecure(
  script: FtpScript & { readonly version?: "TLSv1.2" | "TLSv1.3" },
): ReturnType<typeof startFtpServer> {
  const { version, ...rest } = script;
  const versions = version === undefined ? {} : { minVersion: version, maxVersion: version };
  return startFtpServer({ ...rest, tls: { key: identity.key, cert: identity.chain, ...versions } });
}
