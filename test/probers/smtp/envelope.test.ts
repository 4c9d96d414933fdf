import assert from "node:assert/strict";
import { test } from "node:test";
import type { Report } from "../../../src/outcome/report.ts";
import type { Settings } from "../../faults/fault.ts";
import type { LineServer } from "../../faults/servers/line-server.ts";
import { replyToEhlo, startSmtpServer } from "../../faults/smtp/smtp-server.ts";
import { runProbe, valueOf } from "../../support/run-probe.ts";

for (const [title, settings, commands] of [
  [
    "a sender and a recipient",
    { mail_from: "a@example.com", recipient: "b@example.com" },
    ["MAIL FROM:<a@example.com>", "RCPT TO:<b@example.com>"],
  ],
  [
    "a recipient alone, from the empty path",
    { recipient: "b@example.com" },
    ["MAIL FROM:<>", "RCPT TO:<b@example.com>"],
  ],
  ["a sender alone", { mail_from: "a@example.com" }, ["MAIL FROM:<a@example.com>"]],
  [
    "a domain in another script by its ASCII form",
    { mail_from: "a@bücher.example" },
    ["MAIL FROM:<a@xn--bcher-kva.example>"],
  ],
] as const) {
  void test(`tries ${title}, and sends no message`, async () => {
    await using server = await startSmtpServer();

    const report = await probe(server, settings);

    assert.equal(report.outcome, "success", report.detail);
    assert.deepEqual(server.lines, ["EHLO [127.0.0.1]", ...commands, "QUIT"]);
  });
}

for (const code of [251, 252]) {
  void test(`takes ${code} for an accepted recipient`, async () => {
    await using server = await startSmtpServer({ commands: { RCPT: `${code} will see` } });

    const report = await probe(server, { recipient: "b@example.com" });

    assert.equal(report.outcome, "success", report.detail);
    assert.equal(valueOf(report, "probe_smtp_reply_code"), code);
  });
}

for (const [command, expected] of [
  ["MAIL", "sender"],
  ["RCPT", "recipient"],
] as const) {
  void test(`a ${expected} who is not accepted is exchange/malformed, with the whole reply`, async () => {
    await using server = await startSmtpServer({ commands: { [command]: "550-5.1.1 Not\r\n550 5.1.1 here" } });

    const report = await probe(server, { mail_from: "a@example.com", recipient: "b@example.com" });

    assert.equal(report.outcome, "exchange/malformed");
    assert.equal(report.detail, `Expected the ${expected} to be accepted, found "550 5.1.1 Not 5.1.1 here"`);
    assert.equal(valueOf(report, "probe_smtp_reply_code"), 550);
  });
}

for (const [key, value] of [
  ["mail_from", "prober"],
  ["recipient", "user@example.com>\r\nRSET"],
  ["recipient", "user@exa mple.com"],
] as const) {
  void test(`${key} ${JSON.stringify(value)} is request/invalid-mailbox before anything is sent`, async () => {
    await using server = await startSmtpServer();

    const report = await probe(server, { [key]: value });

    assert.equal(report.outcome, "request/invalid-mailbox");
    assert.match(report.detail, new RegExp(`^Expected ${key} to be an address`, "u"));
    assert.equal(server.arrivals(), 0);
  });
}

void test("an address that is not ASCII needs SMTPUTF8", async () => {
  await using server = await startSmtpServer();

  const report = await probe(server, { recipient: "jürgen@example.com" });

  assert.equal(report.outcome, "request/invalid-mailbox");
  assert.match(report.detail, /does not offer SMTPUTF8/u);
});

void test("asks for SMTPUTF8 where an address needs it and the server offers it", async () => {
  await using server = await startSmtpServer({
    commands: { EHLO: (talk) => talk.say(...replyToEhlo(["SMTPUTF8"])) },
  });

  const report = await probe(server, { recipient: "jürgen@example.com" });

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(server.lines.slice(1, 3), ["MAIL FROM:<> SMTPUTF8", "RCPT TO:<jürgen@example.com>"]);
});

function probe(server: LineServer, settings: Settings): Promise<Report> {
  return runProbe("smtp", { target: `smtp://127.0.0.1:${server.port}`, settings });
}
