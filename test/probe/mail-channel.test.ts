import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { before, test } from "node:test";
import type { TlsOptions } from "node:tls";
import type { Settings } from "../faults/fault.ts";
import { startFtpServer } from "../faults/ftp/ftp-server.ts";
import { startImapServer } from "../faults/imap/imap-server.ts";
import { startPop3Server } from "../faults/pop3/pop3-server.ts";
import type { FaultServer } from "../faults/servers/fault-server.ts";
import { startSmtpServer } from "../faults/smtp/smtp-server.ts";
import { createAuthority } from "../support/certificates.ts";
import { labelsOf, runProbe, valueOf } from "../support/run-probe.ts";

/** What the keys that the four protocols share do in each of them. */
interface Subject {
  readonly protocol: "smtp" | "pop3" | "imap" | "ftp";
  readonly start: (script: Script) => Promise<FaultServer>;
  readonly greeting: string;
}

interface Script {
  readonly commands?: Readonly<Record<string, string | (() => void)>>;
  readonly greeting?: (talk: Talk) => void;
  readonly tls?: TlsOptions;
  readonly security?: "implicit";
}

interface Talk {
  readonly socket: Socket;
  say(...lines: readonly string[]): void;
}

const SUBJECTS: readonly Subject[] = [
  { protocol: "smtp", start: (script) => startSmtpServer(script), greeting: "220 mail.test" },
  { protocol: "pop3", start: (script) => startPop3Server(script), greeting: "+OK ready" },
  { protocol: "imap", start: (script) => startImapServer(script), greeting: "* OK ready" },
  { protocol: "ftp", start: (script) => startFtpServer(script), greeting: "220 ready" },
];

let trust: Settings = {};
/** Of `mail.example` alone. */
let tls: TlsOptions = {};

before(async () => {
  const authority = await createAuthority();
  trust = { tls_config: { ca: authority.certificate } };
  const { key, chain } = await authority.issue({ names: ["mail.example"], addresses: [] });
  tls = { key, cert: chain };
});

for (const { protocol, start, greeting } of SUBJECTS) {
  const used = `probe_${protocol}_starttls_used` as const;

  void test(`${protocol}: a server that never greets is known by the detail`, async () => {
    await using server = await start({ greeting: () => undefined });

    const report = await runProbe(protocol, {
      target: `${server.host}:${server.port}`,
      module: { timeout: "200ms" },
    });

    assert.equal(report.outcome, "exchange/timeout");
    assert.match(report.detail, /in phase exchange, waiting for the greeting$/);
  });

  void test(`${protocol}: a server that falls silent at the password is known by the command, without the password`, async () => {
    await using server = await start({
      commands: { EHLO: "250-mail.test\r\n250 AUTH PLAIN", AUTH: staySilent, LOGIN: staySilent, PASS: staySilent },
    });

    const report = await runProbe(protocol, {
      target: `${server.host}:${server.port}`,
      settings: {
        username: "prober",
        password: "correct-horse",
        plaintext_login: "allow",
        ...(protocol === "ftp" ? { starttls: "off" } : {}),
        ...(protocol === "smtp" ? { auth_method: "plain" } : {}),
      },
      module: { timeout: "200ms" },
    });

    assert.equal(report.outcome, "exchange/timeout", report.detail);
    assert.match(report.detail, /in phase login, waiting for the reply to (?:AUTH PLAIN|PASS|LOGIN)$/);
  });

  void test(`${protocol}: a greeting that tells the time makes no new series each time`, async () => {
    const clock = "Mon, 22 Nov 2026 16:12:48 +0000";
    await using server = await start({ greeting: (talk) => talk.say(`${greeting} ${clock}`) });

    const report = await runProbe(protocol, { target: `${server.host}:${server.port}` });

    assert.equal(report.outcome, "success", report.detail);
    const [labels] = labelsOf(report, `probe_${protocol}_banner_info`);
    assert.match(labels?.["banner"] ?? "", /^[a-z.]+ <time>$/);
  });

  for (const [starttls, withTls, outcome, isUsed] of [
    [undefined, true, "success", 1],
    ["opportunistic", true, "success", 1],
    ["opportunistic", false, "success", 0],
    ["required", true, "success", 1],
    ["required", false, "tls/not-offered", 0],
    ["off", true, "success", 0],
    ["off", false, "success", 0],
  ] as const) {
    const server = withTls ? "a server that has TLS" : "a server without TLS";
    void test(`${protocol}: starttls ${starttls ?? "left out"} and ${server} is ${outcome}`, async () => {
      await using serving = await start(withTls ? { tls } : {});

      const report = await runProbe(protocol, {
        target: `${protocol}://127.0.0.1:${serving.port}`,
        hostname: "mail.example",
        settings: { ...trust, ...(starttls === undefined ? {} : { starttls }) },
      });

      assert.equal(report.outcome, outcome, report.detail);
      assert.equal(valueOf(report, used), isUsed);
      assert.equal(valueOf(report, "probe_ssl_earliest_cert_expiry") !== undefined, isUsed === 1);
    });
  }

  for (const security of ["plain", "implicit"] as const) {
    void test(`${protocol}: hostname= is the name that a certificate is for, with ${security} TLS`, async () => {
      await using serving = await start(security === "implicit" ? { tls, security } : { tls });
      const target = `${protocol}${security === "implicit" ? "s" : ""}://127.0.0.1:${serving.port}`;

      const named = await runProbe(protocol, { target, hostname: "mail.example", settings: trust });
      const unnamed = await runProbe(protocol, { target, settings: trust });

      assert.equal(named.outcome, "success", named.detail);
      assert.equal(unnamed.outcome, "tls/name-mismatch", unnamed.detail);
      assert.ok(valueOf(unnamed, "probe_ssl_earliest_cert_expiry"));
    });
  }

  void test(`${protocol}: source_ip_address is where the connection comes from`, async () => {
    const seen: (string | undefined)[] = [];
    await using serving = await start({
      greeting(talk) {
        seen.push(talk.socket.remoteAddress);
        talk.say(greeting);
      },
    });

    const report = await runProbe(protocol, {
      target: `127.0.0.1:${serving.port}`,
      settings: { source_ip_address: "127.0.0.9" },
    });

    assert.equal(report.outcome, "success", report.detail);
    assert.deepEqual(seen, ["127.0.0.9"]);
  });

  void test(`${protocol}: a password_file that cannot be read is found before anything is dialled`, async () => {
    await using serving = await start({});

    const report = await runProbe(protocol, {
      target: `127.0.0.1:${serving.port}`,
      settings: { username: "prober", password_file: "/nowhere/password" },
    });

    assert.equal(report.outcome, "request/parameter-missing", report.detail);
    assert.equal(serving.arrivals(), 0);
  });

  void test(`${protocol}: a login in the clear is refused by the same words`, async () => {
    await using serving = await start({});
    const login = { username: "prober", password: "correct-horse" };
    const target = `127.0.0.1:${serving.port}`;

    const notOffered = await runProbe(protocol, { target, settings: login });
    const turnedOff = await runProbe(protocol, { target, settings: { ...login, starttls: "off" } });

    assert.equal(notOffered.outcome, "tls/not-offered");
    assert.equal(turnedOff.outcome, "request/parameter-missing");
    assert.match(turnedOff.detail, /^The module turns STARTTLS off, and its password would go in the clear/);
  });
}

function staySilent(): void {}
