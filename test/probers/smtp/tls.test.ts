import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { TlsOptions } from "node:tls";
import type { Report } from "../../../src/outcome/report.ts";
import type { Settings } from "../../faults/fault.ts";
import type { LineServer } from "../../faults/servers/line-server.ts";
import { replyToEhlo, type SmtpScript, startSmtpServer } from "../../faults/smtp/smtp-server.ts";
import { createAuthority } from "../../support/certificates.ts";
import { eventually } from "../../support/eventually.ts";
import { runProbe, valueOf } from "../../support/run-probe.ts";

let trust: Settings = {};
let tls: TlsOptions = {};
let named: TlsOptions = {};

before(async () => {
  const authority = await createAuthority();
  trust = { tls_config: { ca: authority.certificate } };
  const [local, other] = [await authority.issue(), await authority.issue({ names: ["mail.example"], addresses: [] })];
  tls = { key: local.key, cert: local.chain };
  named = { key: other.key, cert: other.chain };
});

for (const starttls of [undefined, "opportunistic", "required"]) {
  void test(`starts TLS where it is offered and starttls is ${starttls ?? "not set"}, and asks again`, async () => {
    await using server = await startSmtpServer({ tls });

    const report = await probe(server, { ...trust, ...(starttls === undefined ? {} : { starttls }) });

    assert.equal(report.outcome, "success", report.detail);
    assert.deepEqual(server.lines, ["EHLO [127.0.0.1]", "STARTTLS", "EHLO [127.0.0.1]", "QUIT"]);
    assert.deepEqual(
      report.phases.map(({ phase }) => phase),
      ["resolve", "connect", "exchange", "tls"],
    );
    assert.equal(valueOf(report, "probe_smtp_starttls_offered"), 1);
    assert.equal(valueOf(report, "probe_smtp_starttls_used"), 1);
    assert.ok(valueOf(report, "probe_ssl_earliest_cert_expiry"));
    await eventually(() => assert.equal(server.connections(), 0));
  });
}

void test("does not start TLS where starttls is off, and says that it was offered", async () => {
  await using server = await startSmtpServer({ tls });

  const report = await probe(server, { starttls: "off" });

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(server.lines, ["EHLO [127.0.0.1]", "QUIT"]);
  assert.equal(valueOf(report, "probe_smtp_starttls_offered"), 1);
  assert.equal(valueOf(report, "probe_smtp_starttls_used"), 0);
});

void test("a server without STARTTLS is tls/not-offered where TLS is required", async () => {
  await using server = await startSmtpServer();

  const report = await probe(server, { starttls: "required" });

  assert.equal(report.outcome, "tls/not-offered");
  assert.equal(valueOf(report, "probe_smtp_starttls_offered"), 0);
});

void test("what was offered before TLS is forgotten where the server knows HELO alone within it", async () => {
  await using server = await startSmtpServer({
    tls,
    commands: {
      EHLO: (talk) => (talk.encrypted ? talk.say("500 Unknown") : talk.say(...replyToEhlo(["STARTTLS", "SIZE 1"]))),
    },
  });

  const report = await probe(server, trust);

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(valueOf(report, "probe_smtp_size_limit_bytes"), undefined);
  assert.equal(valueOf(report, "probe_smtp_capability_info"), undefined);
});

void test("what was offered before TLS is forgotten within it", async () => {
  await using server = await startSmtpServer({
    tls,
    commands: {
      EHLO: (talk) => talk.say(...replyToEhlo(talk.encrypted ? ["8BITMIME"] : ["STARTTLS", "SIZE 1", "AUTH PLAIN"])),
    },
  });

  const report = await probe(server, { ...trust, username: "prober", password: "correct-horse" });

  assert.equal(report.outcome, "login/rejected");
  assert.match(report.detail, /found no login at all/u);
  assert.equal(valueOf(report, "probe_smtp_size_limit_bytes"), undefined);
  const capabilities = report.measurements.filter(({ name }) => name === "probe_smtp_capability_info");
  assert.deepEqual(
    capabilities.map(({ labels }) => labels),
    [{ capability: "8BITMIME", parameters: "" }],
  );
});

for (const starttls of ["opportunistic", "required"]) {
  void test(`STARTTLS that is offered and refused is exchange/malformed where it is ${starttls}`, async () => {
    await using server = await startSmtpServer({ tls, commands: { STARTTLS: "454 4.7.0 TLS not available" } });

    const report = await probe(server, { ...trust, starttls });

    assert.equal(report.outcome, "exchange/malformed");
    assert.match(report.detail, /"454 4\.7\.0 TLS not available"/u);
    assert.equal(valueOf(report, "probe_smtp_starttls_used"), 0);
  });
}

for (const [title, commands] of [
  ["with the agreement", { STARTTLS: "220 Go ahead\r\n250 injected" }],
  ["with the capabilities", { EHLO: (talk) => talk.say("250-mail.test", "250 STARTTLS", "220 Go ahead") }],
] as const satisfies readonly (readonly [string, NonNullable<SmtpScript["commands"]>])[]) {
  void test(`replies that come ${title} before the handshake are an attack`, async () => {
    await using server = await startSmtpServer({ tls, commands });

    const report = await probe(server, { ...trust, username: "prober", password: "correct-horse" });

    assert.equal(report.outcome, "exchange/malformed", report.detail);
    assert.match(report.detail, /^Expected nothing b/u);
    assert.ok(!server.lines.some((line) => line.startsWith("AUTH")));
  });
}

void test("replies that come while the handshake is on are never taken for answers", async () => {
  await using server = await startSmtpServer({
    commands: {
      EHLO: (talk) => talk.say(...replyToEhlo(["STARTTLS"])),
      STARTTLS(talk) {
        talk.say("220 Go ahead");
        talk.socket.once("data", () => talk.say("250 injected"));
      },
    },
  });

  const report = await probe(server, trust);

  assert.equal(report.outcome, "tls/not-offered", report.detail);
});

void test("speaks TLS from the first byte to smtps://, and asks for it no second time", async () => {
  await using server = await startSmtpServer({ tls, security: "implicit" });

  const report = await runProbe("smtp", {
    target: `smtps://127.0.0.1:${server.port}`,
    settings: { ...trust, starttls: "required" },
  });

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(server.lines, ["EHLO [127.0.0.1]", "QUIT"]);
  assert.deepEqual(
    report.phases.map(({ phase }) => phase),
    ["resolve", "connect", "tls", "exchange"],
  );
  assert.ok(valueOf(report, "probe_ssl_earliest_cert_expiry"));
  assert.equal(valueOf(report, "probe_smtp_starttls_used"), undefined);
  await eventually(() => assert.equal(server.connections(), 0));
});

void test("keeps the certificate's metrics where it is not trusted after STARTTLS, and logs nobody in", async () => {
  await using server = await startSmtpServer({ tls });

  const report = await probe(server, { username: "prober", password: "correct-horse" });

  assert.equal(report.outcome, "tls/unknown-authority", report.detail);
  assert.ok(valueOf(report, "probe_ssl_earliest_cert_expiry"));
  assert.deepEqual(server.lines, ["EHLO [127.0.0.1]", "STARTTLS"]);
  await eventually(() => assert.equal(server.connections(), 0));
});

void test("verifies the name that the scrape gives", async () => {
  await using server = await startSmtpServer({ tls: named });

  const wrong = await probe(server, trust);
  const right = await runProbe("smtp", {
    target: `127.0.0.1:${server.port}`,
    hostname: "mail.example",
    settings: trust,
  });

  assert.equal(wrong.outcome, "tls/name-mismatch");
  assert.equal(right.outcome, "success", right.detail);
});

void test("a port without TLS is tls/not-offered to smtps://", async () => {
  await using server = await startSmtpServer();

  const report = await runProbe("smtp", { target: `smtps://127.0.0.1:${server.port}`, settings: trust });

  assert.equal(report.outcome, "tls/not-offered", report.detail);
});

function probe(server: LineServer, settings: Settings): Promise<Report> {
  return runProbe("smtp", { target: `smtp://127.0.0.1:${server.port}`, settings });
}
