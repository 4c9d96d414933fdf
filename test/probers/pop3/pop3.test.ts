import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Report } from "../../../src/outcome/report.ts";
import type { Settings } from "../../faults/fault.ts";
import { ACCOUNT, type Pop3Script, startPop3Server } from "../../faults/pop3/pop3-server.ts";
import { createAuthority, expired } from "../../support/certificates.ts";
import { loopbackIdentity } from "../../support/loopback-identity.ts";
import { labelsOf, problemsOfModule, runProbe, valueOf } from "../../support/run-probe.ts";

const LOGIN = { ...ACCOUNT, plaintext_login: "allow" };
const LOGGED_IN = ["CAPA", "USER prober", "PASS correct-horse", "STAT", "QUIT"];

interface Ended {
  readonly report: Report;
  /** What the server was told. */
  readonly lines: readonly string[];
}

async function probe(script: Pop3Script, pop3: Settings = {}): Promise<Ended> {
  await using server = await startPop3Server(script);
  const scheme = script.security === "implicit" ? "pop3s" : "pop3";
  const report = await runProbe("pop3", { target: `${scheme}://127.0.0.1:${server.port}`, settings: pop3 });
  return { report, lines: server.lines };
}

void test("without credentials it greets, asks for the capabilities and leaves", async () => {
  const { report, lines } = await probe({});

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(lines, ["CAPA", "QUIT"]);
  assert.equal(valueOf(report, "probe_pop3_messages"), undefined);
  assert.deepEqual(labelsOf(report, "probe_pop3_banner_info"), [{ banner: "Maildrop of example.test" }]);
  assert.deepEqual(labelsOf(report, "probe_pop3_capability_info"), [
    { capability: "TOP", parameters: "" },
    { capability: "UIDL", parameters: "" },
    { capability: "USER", parameters: "" },
    { capability: "SASL", parameters: "PLAIN" },
    { capability: "RESP-CODES", parameters: "" },
  ]);
});

void test("with credentials it logs in, measures the maildrop and changes nothing in it", async () => {
  const { report, lines } = await probe({}, LOGIN);

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(lines, LOGGED_IN);
  assert.equal(valueOf(report, "probe_pop3_messages"), 2);
  assert.equal(valueOf(report, "probe_pop3_maildrop_size_bytes"), 320);
  assert.deepEqual(
    report.phases.map(({ phase }) => phase),
    ["resolve", "connect", "exchange", "login"],
  );
});

void test("replies in parts of one byte are read as whole ones", async () => {
  const { tls, trust } = await loopbackIdentity();

  const { report, lines } = await probe({ tls, pieces: "bytes" }, { ...ACCOUNT, ...trust });

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(lines, ["CAPA", "STLS", ...LOGGED_IN]);
});

void test("a server that knows no capabilities is logged in to all the same", async () => {
  const { report, lines } = await probe({ commands: { CAPA: "-ERR Unknown command" } }, LOGIN);

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(lines, LOGGED_IN);
});

void test("STLS is used where it is offered, and what was said before is asked again", async () => {
  const { tls, trust } = await loopbackIdentity();

  const { report, lines } = await probe({ tls }, { ...ACCOUNT, ...trust });

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(lines, ["CAPA", "STLS", ...LOGGED_IN]);
  assert.equal(valueOf(report, "probe_pop3_starttls_offered"), 1);
  assert.equal(valueOf(report, "probe_pop3_starttls_used"), 1);
  assert.ok((valueOf(report, "probe_ssl_earliest_cert_expiry") ?? 0) > Date.now() / 1000);
  assert.ok(!labelsOf(report, "probe_pop3_capability_info").some(({ capability }) => capability === "STLS"));
});

void test("STLS is left alone where the module turns it off", async () => {
  const { tls } = await loopbackIdentity();

  const { report, lines } = await probe({ tls }, { starttls: "off" });

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(lines, ["CAPA", "QUIT"]);
  assert.equal(valueOf(report, "probe_pop3_starttls_offered"), 1);
  assert.equal(valueOf(report, "probe_pop3_starttls_used"), 0);
});

void test("pop3s speaks TLS from the first byte", async () => {
  const { tls, trust } = await loopbackIdentity();

  const { report, lines } = await probe({ tls, security: "implicit" }, { ...ACCOUNT, ...trust, starttls: "required" });

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(lines, LOGGED_IN);
  assert.equal(valueOf(report, "probe_pop3_starttls_offered"), undefined);
});

void test("an expired certificate behind STLS yields its expiry, and no password goes there", async () => {
  const authority = await createAuthority();
  const { key, chain } = await authority.issue(expired());

  const { report, lines } = await probe(
    { tls: { key, cert: chain } },
    { ...ACCOUNT, tls_config: { ca: authority.certificate } },
  );

  assert.equal(report.outcome, "tls/certificate-expired", report.detail);
  assert.deepEqual(lines, ["CAPA", "STLS"]);
  assert.ok((valueOf(report, "probe_ssl_earliest_cert_expiry") ?? Infinity) < Date.now() / 1000);
  assert.equal(labelsOf(report, "probe_pop3_banner_info").length, 1);
});

void test("APOP proves the password without sending it, so that it needs no TLS", async () => {
  const timestamp = "<1896.697170952@example.test>";

  const { report, lines } = await probe({ timestamp }, { ...ACCOUNT, auth_method: "apop" });

  assert.equal(report.outcome, "success", report.detail);
  assert.match(lines[1] ?? "", /^APOP prober [0-9a-f]{32}$/u);
  assert.deepEqual(labelsOf(report, "probe_pop3_banner_info"), [{ banner: "Maildrop" }]);
});

void test("PLAIN sends its message when the server asks for it", async () => {
  const { report, lines } = await probe({}, { ...LOGIN, auth_method: "plain" });

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(lines, ["CAPA", "AUTH PLAIN", "AHByb2JlcgBjb3JyZWN0LWhvcnNl", "STAT", "QUIT"]);
});

void test("auto takes PLAIN where the server lists no USER", async () => {
  const { report, lines } = await probe({ capabilities: ["SASL PLAIN"] }, { ...LOGIN, auth_method: "auto" });

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(lines[1], "AUTH PLAIN");
});

for (const [script, named] of [
  [{ PASS: "-ERR [AUTH] Wrong" }, /AUTH: the credentials are at fault/u],
  [{ USER: "-ERR [SYS/TEMP] Later" }, /SYS\/TEMP: the server has trouble that should pass/u],
  [{ PASS: "-ERR [SYS/PERM] Never" }, /SYS\/PERM: .*administrator/u],
  [{ PASS: "-ERR [IN-USE] Locked" }, /IN-USE: another session/u],
  [{ PASS: "-ERR No" }, /by PASS: "-ERR No"/u],
] as const) {
  void test(`${JSON.stringify(script)} rejects the login, and the detail says why`, async () => {
    const { report } = await probe({ commands: script }, LOGIN);

    assert.equal(report.outcome, "login/rejected", report.detail);
    assert.match(report.detail, named);
  });
}

for (const method of ["user", "plain", "apop"]) {
  void test(`a password that the server repeats after ${method} is shown nowhere`, async () => {
    const repeat: Pop3Script["commands"] = {
      PASS: (talk, line) => talk.say(`-ERR ${line} is wrong`),
      APOP: (talk, line) => talk.say(`-ERR ${line} is wrong`),
      AUTH(talk) {
        talk.say("+ ");
        talk.next((message) => talk.say(`-ERR ${message} ${Buffer.from(message, "base64").toString()} is wrong`));
      },
    };

    const { report, lines } = await probe(
      { commands: repeat, timestamp: "<1.2@example.test>" },
      { ...LOGIN, auth_method: method },
    );

    assert.equal(report.outcome, "login/rejected", report.detail);
    const proof = lines.at(-1)?.split(" ").at(-1) ?? "";
    assert.ok(proof.length >= ACCOUNT.password.length);
    for (const secret of [proof, ACCOUNT.password]) assert.ok(!JSON.stringify(report).includes(secret));
  });
}

for (const verb of ["CAPA", "STLS", "USER", "PASS", "STAT"]) {
  for (const ending of ["", "+O", "-ERR\r\n+", "+OK\r"]) {
    void test(`a server that answers ${verb} with ${JSON.stringify(ending)} and hangs up has closed or refused`, async () => {
      const { tls, trust } = await loopbackIdentity();

      const { report } = await probe(
        { tls, commands: { [verb]: ({ socket }) => socket.end(ending) } },
        { ...ACCOUNT, ...trust },
      );

      assert.equal(report.outcome, ending.startsWith("-ERR") ? refusalOf(verb) : "exchange/closed", report.detail);
    });
  }
}

/** What a refusal of each command is; without CAPA a server seems to have no STLS. */
function refusalOf(verb: string): string {
  if (verb === "CAPA") return "tls/not-offered";
  return verb === "USER" || verb === "PASS" ? "login/rejected" : "exchange/malformed";
}

void test("a reply too many before STLS is refused, so that it does not count as the answer to STLS", async () => {
  const { tls, trust } = await loopbackIdentity();
  const capabilities = "+OK\r\nSTLS\r\nUSER\r\n.\r\n";

  const { report, lines } = await probe(
    { tls, commands: { CAPA: ({ socket }) => socket.write(`${capabilities}+OK\r\n`) } },
    { ...ACCOUNT, ...trust },
  );

  assert.equal(report.outcome, "exchange/malformed", report.detail);
  assert.deepEqual(lines, ["CAPA"]);
});

void test("a password does not go over a connection without TLS that the module turned off", async () => {
  const { report, lines } = await probe({}, { ...ACCOUNT, starttls: "off" });

  assert.equal(report.outcome, "request/parameter-missing", report.detail);
  assert.deepEqual(lines, ["CAPA"]);
});

void test("a user name or a password with a line end is no setting", () => {
  for (const end of ["\r\n", "\n", "\r", "\0"]) {
    assert.equal(problemsOfModule("pop3", { username: `prober${end}DELE 1`, password: "p" }).length, 1);
    assert.equal(problemsOfModule("pop3", { username: "prober", password: `p${end}DELE 1` }).length, 1);
  }
});

void test("a password of two lines in its file is not sent", async () => {
  const directory = await mkdtemp(join(tmpdir(), "pop3-"));
  try {
    const file = join(directory, "password");
    await writeFile(file, "correct-horse\r\nDELE 1\n");

    const { report, lines } = await probe({}, { username: "prober", password_file: file, plaintext_login: "allow" });

    assert.equal(report.outcome, "request/parameter-missing", report.detail);
    assert.deepEqual(lines, []);
    assert.doesNotMatch(JSON.stringify(report), /correct-horse|DELE/u);
  } finally {
    await rm(directory, { recursive: true });
  }
});

void test("the password may stand in a file", async () => {
  const directory = await mkdtemp(join(tmpdir(), "pop3-"));
  try {
    const file = join(directory, "password");
    await writeFile(file, "correct-horse\n");

    const { report, lines } = await probe({}, { username: "prober", password_file: file, plaintext_login: "allow" });

    assert.equal(report.outcome, "success", report.detail);
    assert.deepEqual(lines, LOGGED_IN);
  } finally {
    await rm(directory, { recursive: true });
  }
});

void test("a banner is printable and short whatever the server sends", async () => {
  const { report } = await probe({ greeting: `+OK \u001b[2Jé${"x".repeat(1000)}` });

  const [labels] = labelsOf(report, "probe_pop3_banner_info");
  assert.match(labels?.["banner"] ?? "", /^\.\[2J\.x{95}…$/u);
});

void test("a server that turns everybody away is told by its own words", async () => {
  const { report } = await probe({ greeting: "-ERR [SYS/TEMP] Too many connections" });

  assert.equal(report.outcome, "exchange/malformed");
  assert.match(report.detail, /Too many connections/u);
  assert.equal(labelsOf(report, "probe_pop3_banner_info").length, 1);
});

void test("a server that hangs up at the goodbye is a success", async () => {
  const { report } = await probe({ commands: { QUIT: ({ socket }) => socket.resetAndDestroy() } }, LOGIN);

  assert.equal(report.outcome, "success", report.detail);
});

void test("keys that do not exist, methods that do not exist and half a login are problems", () => {
  assert.equal(problemsOfModule("pop3", { mailbox: "INBOX" }).length, 1);
  assert.equal(problemsOfModule("pop3", { auth_method: "cram-md5" }).length, 1);
  assert.equal(problemsOfModule("pop3", { starttls: "maybe" }).length, 1);
  assert.equal(problemsOfModule("pop3", { username: "prober" }).length, 1);
  assert.deepEqual(problemsOfModule("pop3", { ...ACCOUNT, auth_method: "apop", starttls: "required" }), []);
});
