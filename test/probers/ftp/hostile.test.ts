import assert from "node:assert/strict";
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type Act, type FtpScript, README, startFtpServer } from "../../faults/ftp/ftp-server.ts";
import { problemsOfModule } from "../../support/run-probe.ts";
import { ACCOUNT, EVERYTHING, probeFtp, transferred } from "./probe-ftp.ts";

/** Every command of a probe that does everything, in order, and what may come instead of an answer. */
const VERBS = ["USER", "PASS", "TYPE", "CWD", "EPSV", "LIST", "SIZE", "RETR", "STOR", "DELE"] as const;

void test("understands replies that come byte by byte", async () => {
  const commands: Record<string, Act> = {
    USER: (talk) => talk.sayBytes("331-Who", "331 are you?"),
    PASS: (talk) => talk.sayBytes("230-220 is no code here", " 230 nor here", "2300", "230 Welcome"),
    TYPE: (talk) => talk.sayBytes("200"),
    SIZE: (talk) => talk.sayBytes("213 13"),
    async EPSV(talk) {
      await talk.sayBytes(`229 Passive (|||${await talk.listen()}|)`);
    },
    async RETR(talk) {
      await talk.sayBytes("150 Here it comes");
      const data = await talk.data();
      for (const byte of README) data.write(byte);
      data.end(() => void talk.sayBytes("226-Done", "226 Really"));
    },
  };
  await using server = await startFtpServer({ greeting: (talk) => talk.sayBytes("220-Hello", "220 there"), commands });

  const report = await probeFtp(server, { ftp: { ...ACCOUNT, size: "readme.txt", download: "readme.txt" } });

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(transferred(report), { download: README.length });
});

for (const verb of VERBS) {
  void test(`a server that hangs up instead of answering ${verb} has closed the connection`, async () => {
    await using server = await startFtpServer(scriptOf(verb, (talk) => talk.socket.end()));

    const report = await probeFtp(server, { ftp: { ...ACCOUNT, ...EVERYTHING } });

    assert.equal(report.outcome, "exchange/closed", report.detail);
  });

  void test(`a server that says no reply to ${verb} speaks no FTP`, async () => {
    await using server = await startFtpServer(scriptOf(verb, "*** 200 OK"));

    const report = await probeFtp(server, { ftp: { ...ACCOUNT, ...EVERYTHING } });

    assert.equal(report.outcome, "exchange/malformed", report.detail);
    assert.match(report.detail, /found "\*\*\* 200 OK"$/);
  });

  void test(`a server that says something out of place to ${verb} speaks no FTP`, async () => {
    const outOfPlace = verb === "LIST" || verb === "RETR" || verb === "STOR" ? "350 More, please" : "150 Here it comes";
    await using server = await startFtpServer(scriptOf(verb, outOfPlace));

    const report = await probeFtp(server, { ftp: { ...ACCOUNT, ...EVERYTHING } });

    assert.equal(report.outcome, "exchange/malformed", report.detail);
  });

  void test(`a server that says goodbye to ${verb} has closed the connection`, async () => {
    await using server = await startFtpServer(scriptOf(verb, "421 Shutting down"));

    const report = await probeFtp(server, { ftp: { ...ACCOUNT, ...EVERYTHING } });

    assert.equal(report.outcome, "exchange/closed", report.detail);
    assert.match(report.detail, /"421 Shutting down"$/);
  });
}

void test("a server that hangs up instead of taking leave has said all that matters", async () => {
  await using server = await startFtpServer(scriptOf("QUIT", (talk) => talk.socket.resetAndDestroy()));

  const report = await probeFtp(server, { ftp: EVERYTHING });

  assert.equal(report.outcome, "success", report.detail);
});

for (const key of ["username", "password", "change_directory", "size", "download"]) {
  for (const end of ["\r\n", "\r", "\n", "\0"]) {
    void test(`${key} cannot hold a second command behind ${JSON.stringify(end)}`, () => {
      const problems = problemsOfModule("ftp", { ...ACCOUNT, [key]: `pub${end}DELE readme.txt` });

      assert.equal(problems.length, 1);
      assert.match(problems[0] ?? "", new RegExp(`${key}.*without line ends`, "s"));
    });
  }
}

void test("a password file cannot hold a second command", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "ftp-"));
  const file = join(directory.path, "password");
  await writeFile(file, "correct-horse\r\nDELE readme.txt\n");
  await using server = await startFtpServer();

  const report = await probeFtp(server, {
    ftp: { username: "prober", password_file: file, plaintext_login: "allow" },
  });

  assert.equal(report.outcome, "request/parameter-missing");
  assert.equal(server.arrivals(), 0);
  assert.doesNotMatch(JSON.stringify(report), /correct-horse/);
});

void test("a mail server is asked for a login, and its words tell what it is", async () => {
  await using server = await startFtpServer({
    greeting: "220 mail.test ESMTP",
    commands: { AUTH: "503 Say hello first", USER: "502 Command not recognized" },
  });

  const report = await probeFtp(server);

  assert.equal(report.outcome, "exchange/command-failed");
  assert.equal(report.detail, 'The server answered USER anonymous with "502 Command not recognized"');
});

void test("a target with a user name is refused without repeating what may be a password", async () => {
  await using server = await startFtpServer();

  const report = await probeFtp({ ...server, host: `prober:correct-horse@${server.host}` });

  assert.equal(report.outcome, "request/parameter-missing");
  assert.doesNotMatch(JSON.stringify(report), /correct-horse/);
});

function scriptOf(verb: string, act: Act): FtpScript {
  return { commands: { [verb]: act } };
}
