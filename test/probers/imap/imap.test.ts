import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Report } from "../../../src/outcome/report.ts";
import type { Settings } from "../../faults/fault.ts";
import { ACCOUNT, type ImapScript, startImapServer } from "../../faults/imap/imap-server.ts";
import { createAuthority, expired } from "../../support/certificates.ts";
import { loopbackIdentity } from "../../support/loopback-identity.ts";
import { labelsOf, problemsOfModule, runProbe, valueOf } from "../../support/run-probe.ts";

const LOGIN = { username: ACCOUNT.username, password: ACCOUNT.password };
const IN_THE_CLEAR = { ...LOGIN, plaintext_login: "allow" };
const STATUS = 'STATUS "INBOX" (MESSAGES UNSEEN RECENT UIDNEXT)';

interface Ended {
  readonly report: Report;
  /** What the server was told. */
  readonly lines: readonly string[];
}

async function probe(script: ImapScript, imap: Settings = {}): Promise<Ended> {
  await using server = await startImapServer(script);
  const scheme = script.security === "implicit" ? "imaps" : "imap";
  const report = await runProbe("imap", { target: `${scheme}://127.0.0.1:${server.port}`, settings: imap });
  return { report, lines: server.lines };
}

void test("without credentials it greets, asks for the capabilities and leaves", async () => {
  const { report, lines } = await probe({});

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(lines, ["a1 CAPABILITY", "a2 LOGOUT"]);
  assert.equal(valueOf(report, "probe_imap_messages"), undefined);
  assert.deepEqual(labelsOf(report, "probe_imap_banner_info"), [{ banner: "Mail of example.test" }]);
  assert.deepEqual(labelsOf(report, "probe_imap_capability_info"), [
    { capability: "IMAP4REV1" },
    { capability: "AUTH=PLAIN" },
  ]);
});

void test("with credentials it logs in and measures the mailbox without opening it", async () => {
  const { report, lines } = await probe({}, IN_THE_CLEAR);

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(lines, ["a1 CAPABILITY", 'a2 LOGIN "prober" "correct-horse"', `a3 ${STATUS}`, "a4 LOGOUT"]);
  assert.equal(valueOf(report, "probe_imap_messages"), 3);
  assert.equal(valueOf(report, "probe_imap_unseen_messages"), 1);
  assert.equal(valueOf(report, "probe_imap_recent_messages"), 0);
  assert.equal(valueOf(report, "probe_imap_uid_next"), 44);
  assert.deepEqual(
    report.phases.map(({ phase }) => phase),
    ["resolve", "connect", "exchange", "login"],
  );
});

void test("responses in parts of one byte are read as whole ones", async () => {
  const { tls, trust } = await loopbackIdentity();
  const commands = { STATUS: "* STATUS {5}\r\nINBOX (MESSAGES 7)\r\nTAG OK Done" };

  const { report } = await probe({ tls, pieces: "bytes", commands }, { ...LOGIN, ...trust });

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(valueOf(report, "probe_imap_messages"), 7);
});

void test("STARTTLS is used where it is offered, and what was said before is asked again", async () => {
  const { tls, trust } = await loopbackIdentity();

  const { report, lines } = await probe({ tls }, { ...LOGIN, ...trust });

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(lines.slice(0, 4), [
    "a1 CAPABILITY",
    "a2 STARTTLS",
    "a1 CAPABILITY",
    'a2 LOGIN "prober" "correct-horse"',
  ]);
  assert.equal(valueOf(report, "probe_imap_starttls_offered"), 1);
  assert.equal(valueOf(report, "probe_imap_starttls_used"), 1);
  assert.ok((valueOf(report, "probe_ssl_earliest_cert_expiry") ?? 0) > Date.now() / 1000);
  assert.ok(!labelsOf(report, "probe_imap_capability_info").some(({ capability }) => capability === "STARTTLS"));
});

void test("STARTTLS is left alone where the module turns it off", async () => {
  const { tls } = await loopbackIdentity();

  const { report, lines } = await probe({ tls }, { starttls: "off" });

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(lines, ["a1 CAPABILITY", "a2 LOGOUT"]);
  assert.equal(valueOf(report, "probe_imap_starttls_used"), 0);
});

void test("imaps speaks TLS from the first byte", async () => {
  const { tls, trust } = await loopbackIdentity();

  const { report } = await probe({ tls, security: "implicit" }, { ...LOGIN, ...trust, starttls: "required" });

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(valueOf(report, "probe_imap_starttls_offered"), undefined);
});

void test("an expired certificate behind STARTTLS yields its expiry, and no password goes there", async () => {
  const authority = await createAuthority();
  const { key, chain } = await authority.issue(expired());

  const { report, lines } = await probe(
    { tls: { key, cert: chain } },
    { ...LOGIN, tls_config: { ca: authority.certificate } },
  );

  assert.equal(report.outcome, "tls/certificate-expired", report.detail);
  assert.deepEqual(lines, ["a1 CAPABILITY", "a2 STARTTLS"]);
  assert.ok((valueOf(report, "probe_ssl_earliest_cert_expiry") ?? Infinity) < Date.now() / 1000);
});

for (const account of [
  { username: 'pro"ber\\', password: 'cor"rect\\ horse' },
  { username: "pröber", password: "pässwort" },
  { username: "prober", password: "x".repeat(1001) },
]) {
  void test(`logs in as ${account.username} by LOGIN and by PLAIN, whatever has to be quoted`, async () => {
    for (const method of ["login", "plain"]) {
      const { report } = await probe({ account }, { ...account, plaintext_login: "allow", auth_method: method });

      assert.equal(report.outcome, "success", report.detail);
    }
  });
}

void test("PLAIN sends its message when the server asks for it", async () => {
  const { report, lines } = await probe({}, { ...IN_THE_CLEAR, auth_method: "plain" });

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(lines.slice(1, 3), ["a2 AUTHENTICATE PLAIN", "AHByb2JlcgBjb3JyZWN0LWhvcnNl"]);
});

void test("PLAIN sends its message with the command where the server takes that", async () => {
  const { report, lines } = await probe(
    { capabilities: ["AUTH=PLAIN", "SASL-IR"] },
    { ...IN_THE_CLEAR, auth_method: "plain" },
  );

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(lines[1], "a2 AUTHENTICATE PLAIN AHByb2JlcgBjb3JyZWN0LWhvcnNl");
});

void test("auto takes PLAIN where the server forbids LOGIN", async () => {
  const { report, lines } = await probe({ capabilities: ["LOGINDISABLED", "AUTH=PLAIN"] }, IN_THE_CLEAR);

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(lines[1], "a2 AUTHENTICATE PLAIN");
});

void test("no password is sent by LOGIN where the server forbids that", async () => {
  const { report, lines } = await probe(
    { capabilities: ["LOGINDISABLED", "AUTH=PLAIN"] },
    { ...IN_THE_CLEAR, auth_method: "login" },
  );

  assert.equal(report.outcome, "login/rejected", report.detail);
  assert.deepEqual(lines, ["a1 CAPABILITY"]);
});

void test("a server that says PREAUTH is not sent a password, and its mailbox is measured", async () => {
  const { report, lines } = await probe({ greeting: "* PREAUTH Welcome" }, LOGIN);

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(lines, ["a1 CAPABILITY", `a2 ${STATUS}`, "a3 LOGOUT"]);
  assert.equal(valueOf(report, "probe_imap_messages"), 3);
});

void test("a server that says BYE at once is told by its own words", async () => {
  const { report, lines } = await probe({ greeting: "* BYE [UNAVAILABLE] Too many connections" });

  assert.equal(report.outcome, "exchange/malformed");
  assert.match(report.detail, /BYE \[UNAVAILABLE\] Too many connections/u);
  assert.deepEqual(labelsOf(report, "probe_imap_banner_info"), [{ banner: "Too many connections" }]);
  assert.deepEqual(lines, []);
});

for (const [end, named] of [
  ["NO [AUTHENTICATIONFAILED] Wrong", /AUTHENTICATIONFAILED: the credentials are at fault/u],
  ["NO [UNAVAILABLE] Later", /UNAVAILABLE: a part of the server is down/u],
  ["NO [EXPIRED] Old", /EXPIRED: the password is no longer valid/u],
  ["NO No", /by LOGIN: "NO No"/u],
] as const) {
  void test(`${JSON.stringify(end)} rejects the login, and the detail says why`, async () => {
    const { report } = await probe({ commands: { LOGIN: `TAG ${end}` } }, IN_THE_CLEAR);

    assert.equal(report.outcome, "login/rejected", report.detail);
    assert.match(report.detail, named);
  });
}

for (const [method, capabilities] of [
  ["login", []],
  ["plain", []],
  ["plain", ["SASL-IR"]],
] as const) {
  void test(`a password that the server repeats after ${[method, ...capabilities].join(" ")} is shown nowhere`, async () => {
    const account = { username: "prober", password: 'correct"horse' };
    const message = Buffer.from(`\0${account.username}\0${account.password}`).toString("base64");
    const repeat: ImapScript["commands"] = {
      LOGIN: (talk, { tag, line }) => talk.say(`* NO ${line}`, `${tag} NO ${line}`),
      AUTHENTICATE(talk, { tag, line }) {
        const say = (text: string): void => talk.say(`* NO ${text}`, `${tag} NO ${text} ${account.password}`);
        if (capabilities.length > 0) return say(line);
        talk.say("+ ");
        talk.next(say);
      },
    };

    const { report } = await probe(
      { commands: repeat, capabilities },
      { ...account, plaintext_login: "allow", auth_method: method },
    );

    assert.equal(report.outcome, "login/rejected", report.detail);
    for (const secret of ["correct", "horse", message]) {
      assert.ok(!JSON.stringify(report).includes(secret), JSON.stringify(report));
    }
  });
}

for (const name of ["CAPABILITY", "STARTTLS", "LOGIN", "STATUS"]) {
  for (const ending of ["", "* ", "a1 O", "+ go", "* STATUS {20}\r\nINB", "* OK well\r\n"]) {
    void test(`a server that answers ${name} with ${JSON.stringify(ending)} and hangs up has closed`, async () => {
      const { tls, trust } = await loopbackIdentity();

      const { report } = await probe(
        { tls, commands: { [name]: ({ socket }) => socket.end(ending) } },
        { ...LOGIN, ...trust },
      );

      assert.equal(report.outcome, "exchange/closed", report.detail);
    });
  }
}

for (const [what, reply] of [
  ["the end of another command", "a99 OK Done"],
  ["a wish for more", "+ Go on"],
  ["no number of messages", '* STATUS "INBOX" (UNSEEN 1)\r\nTAG OK Done'],
  ["no status at all", "TAG OK Done"],
  ["a list without an end", '* STATUS "INBOX" (MESSAGES 3\r\nTAG OK Done'],
  ["a string without an end", '* STATUS "INBOX (MESSAGES 3)\r\nTAG OK Done'],
  ["a refusal", "TAG NO Not now"],
] as const) {
  void test(`${what} in reply to STATUS is malformed`, async () => {
    const { report } = await probe({ commands: { STATUS: reply } }, IN_THE_CLEAR);

    assert.equal(report.outcome, "exchange/malformed", report.detail);
    assert.equal(valueOf(report, "probe_imap_messages"), undefined);
  });
}

void test("news that nobody asked for do not disturb", async () => {
  const news =
    "* OK [ALERT] Full {5}\r\n* 3 EXISTS\r\n* FLAGS (\\Seen)\r\n* NO careful\r\n* STATUS {5}\r\nINBOX (MESSAGES 9)";

  const { report } = await probe({ commands: { STATUS: `${news}\r\nTAG OK Done` } }, IN_THE_CLEAR);

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(valueOf(report, "probe_imap_messages"), 9);
  assert.equal(valueOf(report, "probe_imap_unseen_messages"), undefined);
});

void test("another mailbox is asked for by its encoded name", async () => {
  const { lines } = await probe({}, { ...IN_THE_CLEAR, mailbox: 'Entwürfe "R&D"' });

  assert.equal(lines[2], 'a3 STATUS "Entw&APw-rfe \\"R&-D\\"" (MESSAGES UNSEEN RECENT UIDNEXT)');
});

void test("a server of IMAP4rev2 alone is not asked for recent messages", async () => {
  const capability = { CAPABILITY: "* CAPABILITY IMAP4rev2\r\nTAG OK Done" };

  const { report, lines } = await probe({ commands: capability }, IN_THE_CLEAR);

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(lines[2], 'a3 STATUS "INBOX" (MESSAGES UNSEEN UIDNEXT)');
});

void test("a server of IMAP4rev2 alone is given the name of a mailbox as it is", async () => {
  const capability = { CAPABILITY: "* CAPABILITY IMAP4rev2\r\nTAG OK Done" };

  const { lines } = await probe({ commands: capability }, { ...IN_THE_CLEAR, mailbox: "Entwürfe & mehr" });

  assert.deepEqual(lines.slice(2, 4), ["a3 STATUS {16}", "Entwürfe & mehr (MESSAGES UNSEEN UIDNEXT)"]);
});

void test("a response too many before STARTTLS is refused, so that it does not count as the answer", async () => {
  const { tls, trust } = await loopbackIdentity();

  const { report, lines } = await probe(
    { tls, commands: { CAPABILITY: "* CAPABILITY IMAP4rev1 STARTTLS\r\nTAG OK Done\r\na2 OK Begin TLS" } },
    { ...LOGIN, ...trust },
  );

  assert.equal(report.outcome, "exchange/malformed", report.detail);
  assert.deepEqual(lines, ["a1 CAPABILITY"]);
});

void test("a password does not go over a connection without TLS that the module turned off", async () => {
  const { report, lines } = await probe({}, { ...LOGIN, starttls: "off" });

  assert.equal(report.outcome, "request/parameter-missing", report.detail);
  assert.deepEqual(lines, ["a1 CAPABILITY"]);
});

void test("a user name, a password or a mailbox with a line end is no setting", () => {
  for (const end of ["\r\n", "\n", "\r", "\0"]) {
    assert.equal(problemsOfModule("imap", { ...LOGIN, username: `prober${end}a9 DELETE INBOX` }).length, 1);
    assert.equal(problemsOfModule("imap", { ...LOGIN, password: `p${end}a9 DELETE INBOX` }).length, 1);
    assert.equal(problemsOfModule("imap", { mailbox: `INBOX"${end}a9 DELETE INBOX` }).length, 1);
  }
});

void test("a password of two lines in its file is not sent", async () => {
  const directory = await mkdtemp(join(tmpdir(), "imap-"));
  try {
    const file = join(directory, "password");
    await writeFile(file, "correct-horse\r\na9 DELETE INBOX\n");

    const { report, lines } = await probe({}, { username: "prober", password_file: file, plaintext_login: "allow" });

    assert.equal(report.outcome, "request/parameter-missing", report.detail);
    assert.deepEqual(lines, []);
    assert.doesNotMatch(JSON.stringify(report), /correct-horse|DELETE/u);
  } finally {
    await rm(directory, { recursive: true });
  }
});

void test("a banner is printable and short whatever the server sends", async () => {
  const { report } = await probe({ greeting: `* OK [CAPABILITY IMAP4rev1] \u001b[2Jé${"x".repeat(1000)}` });

  const [labels] = labelsOf(report, "probe_imap_banner_info");
  assert.match(labels?.["banner"] ?? "", /^\.\[2J\.x{95}…$/u);
});

void test("a server that hangs up at the goodbye is a success", async () => {
  const { report } = await probe({ commands: { LOGOUT: ({ socket }) => socket.resetAndDestroy() } }, IN_THE_CLEAR);

  assert.equal(report.outcome, "success", report.detail);
});

void test("keys that do not exist, methods that do not exist and half a login are problems", () => {
  assert.equal(problemsOfModule("imap", { folder: "INBOX" }).length, 1);
  assert.equal(problemsOfModule("imap", { auth_method: "apop" }).length, 1);
  assert.equal(problemsOfModule("imap", { starttls: "maybe" }).length, 1);
  assert.equal(problemsOfModule("imap", { password: "p" }).length, 1);
  assert.deepEqual(problemsOfModule("imap", { ...LOGIN, auth_method: "plain", mailbox: "", starttls: "required" }), []);
});
