import assert from "node:assert/strict";
import { test } from "node:test";
import type { Report } from "../../../src/outcome/report.ts";
import type { Settings } from "../../faults/fault.ts";
import type { LineServer } from "../../faults/servers/line-server.ts";
import { replyToEhlo, type SmtpScript, startSmtpServer } from "../../faults/smtp/smtp-server.ts";
import { eventually } from "../../support/eventually.ts";
import { labelsOf, type ProbeOrder, runProbe, valueOf } from "../../support/run-probe.ts";

void test("greets, learns what the server offers, and says goodbye", async () => {
  await using server = await startSmtpServer();

  const report = await probe(server);

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(server.lines, ["EHLO [127.0.0.1]", "QUIT"]);
  assert.deepEqual(
    report.phases.map(({ phase }) => phase),
    ["resolve", "connect", "exchange"],
  );
  assert.deepEqual(labelsOf(report, "probe_smtp_banner_info"), [{ banner: "mail.test ESMTP ready" }]);
  assert.deepEqual(labelsOf(report, "probe_smtp_capability_info"), [
    { capability: "PIPELINING", parameters: "" },
    { capability: "SIZE", parameters: "10240000" },
    { capability: "8BITMIME", parameters: "" },
  ]);
  assert.equal(valueOf(report, "probe_smtp_size_limit_bytes"), 10_240_000);
  assert.equal(valueOf(report, "probe_smtp_reply_code"), 250);
  assert.equal(valueOf(report, "probe_smtp_starttls_offered"), 0);
  assert.equal(valueOf(report, "probe_smtp_starttls_used"), 0);
  await eventually(() => assert.equal(server.connections(), 0));
});

void test("introduces itself by the module's name", async () => {
  await using server = await startSmtpServer();

  await probe(server, { ehlo_name: "prober.example.com" });

  assert.equal(server.lines[0], "EHLO prober.example.com");
});

void test("falls back to HELO, and then knows of no capability", async () => {
  await using server = await startSmtpServer({ commands: { EHLO: "500 5.5.1 Unknown" } });

  const report = await probe(server);

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(server.lines, ["EHLO [127.0.0.1]", "HELO [127.0.0.1]", "QUIT"]);
  assert.deepEqual(labelsOf(report, "probe_smtp_capability_info"), []);
  assert.equal(valueOf(report, "probe_smtp_size_limit_bytes"), undefined);
});

void test("does not insist where the server puts EHLO off", async () => {
  await using server = await startSmtpServer({ commands: { EHLO: "421 4.3.2 Shutting down" } });

  const report = await probe(server);

  assert.equal(report.outcome, "exchange/malformed");
  assert.match(report.detail, /250 in reply to EHLO, found "421 4\.3\.2 Shutting down"/u);
  assert.deepEqual(server.lines, ["EHLO [127.0.0.1]"]);
  assert.equal(valueOf(report, "probe_smtp_reply_code"), 421);
});

void test("understands replies in parts of one byte", async () => {
  await using server = await startSmtpServer({
    pieces: "bytes",
    greeting: (talk) => talk.say("220-mail.test", "220 ready"),
    commands: { EHLO: (talk) => talk.say(...replyToEhlo(["SIZE 5000", "HELP"])) },
  });

  const report = await probe(server);

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(valueOf(report, "probe_smtp_size_limit_bytes"), 5000);
});

void test("the banner is bounded and printable", async () => {
  await using server = await startSmtpServer({ greeting: `220 \u001b[31mred\u0000 ${"x".repeat(3000)}` });

  const report = await probe(server);

  const [{ banner = "" } = {}] = labelsOf(report, "probe_smtp_banner_info");
  assert.match(banner, /^\.\[31mred\. x+…$/u);
  assert.equal(banner.length, 101);
});

for (const [code, text] of [
  [421, "4.3.2 Too busy"],
  [554, "5.3.2 No SMTP service here"],
] as const) {
  void test(`a greeting ${code} is shown with its reply, its banner and its code`, async () => {
    await using server = await startSmtpServer({ greeting: `${code} ${text}` });

    const report = await probe(server);

    assert.equal(report.outcome, "exchange/malformed");
    assert.equal(report.detail, `Expected the greeting 220, found "${code} ${text}"`);
    assert.equal(valueOf(report, "probe_smtp_reply_code"), code);
    assert.deepEqual(labelsOf(report, "probe_smtp_banner_info"), [{ banner: text }]);
    assert.deepEqual(server.lines, []);
  });
}

for (const banner of [
  "HTTP/1.1 400 Bad Request",
  "SSH-2.0-OpenSSH_9.9",
  "* OK IMAP4rev1 ready",
  "+OK POP3 ready",
  "",
]) {
  void test(`a server that greets with ${JSON.stringify(banner)} is none of SMTP`, async () => {
    await using server = await startSmtpServer({ greeting: banner });

    const report = await probe(server);

    assert.equal(report.outcome, "exchange/malformed");
    assert.ok(report.detail.includes(JSON.stringify(banner)), report.detail);
    assert.equal(valueOf(report, "probe_smtp_reply_code"), undefined);
  });
}

for (const [command, settings] of [
  ["EHLO", {}],
  ["STARTTLS", { starttls: "required" }],
  ["AUTH", { username: "prober", password: "correct-horse", plaintext_login: "allow" }],
  ["MAIL", { mail_from: "prober@example.com" }],
  ["RCPT", { recipient: "user@example.com" }],
] as const) {
  const tlsOffer = command === "STARTTLS" ? ["STARTTLS"] : ["AUTH PLAIN"];
  const offering: SmtpScript = {
    commands: command === "EHLO" ? {} : { EHLO: (talk) => talk.say(...replyToEhlo(tlsOffer)) },
  };

  void test(`a server that hangs up at ${command} is exchange/closed`, async () => {
    await using server = await startSmtpServer({
      commands: { ...offering.commands, [command]: ({ socket }) => socket.end() },
    });

    const report = await probe(server, settings);

    assert.equal(report.outcome, "exchange/closed", report.detail);
    await eventually(() => assert.equal(server.connections(), 0));
  });

  void test(`a server that shuts down at ${command} is exchange/malformed, with its reply`, async () => {
    await using server = await startSmtpServer({
      commands: { ...offering.commands, [command]: ({ socket }) => socket.end("421 4.3.0 Going down\r\n") },
    });

    const report = await probe(server, settings);

    assert.equal(report.outcome, "exchange/malformed", report.detail);
    assert.match(report.detail, /"421 4\.3\.0 Going down"/u);
  });
}

for (const [title, act] of [
  ["hangs up", ({ socket }) => socket.end()],
  ["resets the connection", ({ socket }) => socket.resetAndDestroy()],
  ["stays silent", () => undefined],
  ["refuses", "500 What?"],
  ["babbles", "no reply of SMTP"],
] as const satisfies readonly (readonly [string, NonNullable<SmtpScript["commands"]>[string]])[]) {
  void test(`a server that ${title} at QUIT fails nothing`, async () => {
    await using server = await startSmtpServer({ commands: { QUIT: act } });

    const report = await probe(server);

    assert.equal(report.outcome, "success", report.detail);
    assert.equal(valueOf(report, "probe_smtp_reply_code"), 250);
    assert.ok(report.durationSeconds < 1, `${report.durationSeconds} s`);
    await eventually(() => assert.equal(server.connections(), 0));
  });
}

void test("max_response_time does not count the wait for the answer to QUIT", async () => {
  await using server = await startSmtpServer({ commands: { QUIT: () => undefined } });

  const report = await probe(server, {}, { module: { max_response_time: "250ms" } });

  assert.equal(report.outcome, "success", report.detail);
  assert.ok(report.durationSeconds > 0.4, `${report.durationSeconds} s`);
});

void test("a port may stand alone, and a scheme must be of SMTP", async () => {
  await using server = await startSmtpServer();

  const bare = await runProbe("smtp", { target: `127.0.0.1:${server.port}` });
  const foreign = await runProbe("smtp", { target: `http://127.0.0.1:${server.port}` });

  assert.equal(bare.outcome, "success", bare.detail);
  assert.equal(foreign.outcome, "request/parameter-missing");
  assert.equal(server.arrivals(), 1);
});

function probe(server: LineServer, settings: Settings = {}, order: Partial<ProbeOrder> = {}): Promise<Report> {
  return runProbe("smtp", { target: `smtp://127.0.0.1:${server.port}`, settings, ...order });
}
