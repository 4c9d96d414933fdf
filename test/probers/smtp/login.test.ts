import assert from "node:assert/strict";
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import type { Report } from "../../../src/outcome/report.ts";
import type { Settings } from "../../faults/fault.ts";
import type { LineServer } from "../../faults/servers/line-server.ts";
import { type Account, type SmtpScript, startSmtpServer } from "../../faults/smtp/smtp-server.ts";
import { createAuthority, type Identity } from "../../support/certificates.ts";
import { runProbe, valueOf } from "../../support/run-probe.ts";

const PASSWORD = "Correct-Horse-7";
const ALL = "GSSAPI PLAIN LOGIN CRAM-MD5 XOAUTH2";
const LOGIN: Settings = { username: "prober@example.com", password: PASSWORD };
const IN_THE_CLEAR: Settings = { ...LOGIN, plaintext_login: "allow" };

let trust: Settings = {};
let identity: Identity;

before(async () => {
  const authority = await createAuthority();
  trust = { tls_config: { ca: authority.certificate } };
  identity = await authority.issue();
});

for (const [method, sent] of [
  ["auto", "AUTH PLAIN "],
  ["plain", "AUTH PLAIN "],
  ["login", "AUTH LOGIN"],
  ["cram-md5", "AUTH CRAM-MD5"],
  ["xoauth2", "AUTH XOAUTH2 "],
] as const) {
  void test(`logs in by ${method} within TLS`, async () => {
    await using server = await startSecure();

    const report = await probe(server, { ...LOGIN, ...trust, auth_method: method });

    assert.equal(report.outcome, "success", report.detail);
    assert.ok(server.lines.some((line) => line.startsWith(sent)));
    assert.deepEqual(
      report.phases.map(({ phase }) => phase),
      ["resolve", "connect", "exchange", "tls", "login"],
    );
    assert.equal(valueOf(report, "probe_smtp_reply_code"), 235);
    assertConcealed(report);
  });

  void test(`a wrong password by ${method} is login/rejected, with the reply`, async () => {
    await using server = await startSecure();

    const report = await probe(server, { ...LOGIN, ...trust, auth_method: method, password: "Battery-Staple-7" });

    assert.equal(report.outcome, "login/rejected");
    assert.match(report.detail, /"535 5\.7\.8 Authentication failed"/u);
    assert.equal(valueOf(report, "probe_smtp_reply_code"), 535);
    assert.doesNotMatch(JSON.stringify(report), /Battery|QmF0dGVyeS/u);
  });
}

for (const code of [454, 530, 534, 535, 538, 550]) {
  void test(`${code} to AUTH is login/rejected`, async () => {
    await using server = await startSmtpServer({ account: accountOf("PLAIN"), commands: { AUTH: `${code} no` } });

    const report = await probe(server, IN_THE_CLEAR);

    assert.equal(report.outcome, "login/rejected");
    assert.match(report.detail, new RegExp(`"${code} no"`, "u"));
  });
}

for (const reply of ["421 4.7.0 later", "500 5.5.1 unknown", "504 5.5.4 unknown", "250 fine", "334 more"]) {
  void test(`${JSON.stringify(reply)} to AUTH is exchange/malformed`, async () => {
    await using server = await startSmtpServer({ account: accountOf("PLAIN"), commands: { AUTH: reply } });

    const report = await probe(server, IN_THE_CLEAR);

    assert.equal(report.outcome, "exchange/malformed");
    assert.match(report.detail, /Expected 235 at the end of AUTH PLAIN/u);
  });
}

void test("a password never goes in the clear unless the module allows it", async () => {
  await using server = await startSmtpServer({ account: accountOf("PLAIN LOGIN") });

  const forbidden = await probe(server, LOGIN);
  const off = await probe(server, { ...LOGIN, starttls: "off" });
  const sentBefore = server.lines.filter((line) => line.startsWith("AUTH"));
  const allowed = await probe(server, IN_THE_CLEAR);

  assert.equal(forbidden.outcome, "tls/not-offered");
  assert.match(forbidden.detail, /plaintext_login: allow/u);
  assert.equal(off.outcome, "request/parameter-missing");
  assert.deepEqual(sentBefore, []);
  assert.equal(allowed.outcome, "success", allowed.detail);
});

void test("CRAM-MD5 keeps the password, and may go in the clear", async () => {
  await using server = await startSmtpServer({ account: accountOf("PLAIN CRAM-MD5") });

  const report = await probe(server, LOGIN);

  assert.equal(report.outcome, "success", report.detail);
  assert.ok(server.lines.includes("AUTH CRAM-MD5"));
});

void test("a server that offers none of what would do is login/rejected, with what it offers", async () => {
  await using server = await startSmtpServer({ account: accountOf("GSSAPI NTLM") });

  const report = await probe(server, IN_THE_CLEAR);

  assert.equal(report.outcome, "login/rejected");
  assert.equal(report.detail, "Expected the server to offer PLAIN, LOGIN or CRAM-MD5, found GSSAPI, NTLM");
});

for (const [title, echo] of [
  ["what it was sent", (line: string) => `535 No: ${line}`],
  ["a part of it", (line: string) => `535 No: ${line.slice(0, 25)}`],
  ["the password itself", () => `535 Password ${PASSWORD} is wrong, and so is ${PASSWORD.toLowerCase()}`],
] as const) {
  void test(`a server that repeats ${title} does not make it known`, async () => {
    await using server = await startSmtpServer({
      account: accountOf("PLAIN"),
      commands: { AUTH: (talk, line) => talk.say(echo(line)) },
    });

    const report = await probe(server, IN_THE_CLEAR);

    assert.equal(report.outcome, "login/rejected");
    assert.match(report.detail, /<secret>/u);
    assertConcealed(report);
  });
}

void test("reads the password from a file, and says so where that is none", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "secret-"));
  await using server = await startSecure();
  const file = join(directory.path, "password");
  const settings = { username: "prober@example.com", password_file: file, ...trust };

  const missing = await probe(server, settings);
  await writeFile(file, `${PASSWORD}\n`);
  const right = await probe(server, settings);
  await writeFile(file, "one\r\nRSET\n");
  const twoLines = await probe(server, settings);

  assert.equal(missing.outcome, "request/parameter-missing");
  assert.equal(right.outcome, "success", right.detail);
  assert.equal(twoLines.outcome, "request/parameter-missing");
  assert.equal(server.arrivals(), 1);
});

function startSecure(): Promise<LineServer> {
  const script: SmtpScript = { tls: { key: identity.key, cert: identity.chain }, account: accountOf(ALL) };
  return startSmtpServer(script);
}

function accountOf(mechanisms: string): Account {
  return { username: "prober@example.com", password: PASSWORD, mechanisms, inTheClear: true };
}

function probe(server: LineServer, settings: Settings): Promise<Report> {
  return runProbe("smtp", { target: `smtp://127.0.0.1:${server.port}`, settings });
}

/** Neither the password nor the beginning of any form in which it was sent. */
function assertConcealed(report: Report): void {
  const encoded = Buffer.from(PASSWORD).toString("base64");
  const plain = Buffer.from(`\0prober@example.com\0${PASSWORD}`).toString("base64");
  const text = JSON.stringify(report).toLowerCase();
  for (const secret of [PASSWORD, encoded, plain.slice(0, 14)]) {
    assert.ok(!text.includes(secret.toLowerCase()), `the report holds ${secret}`);
  }
}
