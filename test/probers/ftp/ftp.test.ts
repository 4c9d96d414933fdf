import assert from "node:assert/strict";
import { test } from "node:test";
import { agreeToPassive, LISTING, README, startFtpServer } from "../../faults/ftp/ftp-server.ts";
import { valueOf } from "../../support/run-probe.ts";
import { ACCOUNT, EVERYTHING, probeFtp, transferred } from "./probe-ftp.ts";

void test("logs in as anonymous and does nothing else unless the module asks for it", async () => {
  await using server = await startFtpServer();

  const report = await probeFtp(server);

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(server.lines, ["AUTH TLS", "USER anonymous", "PASS ftp@example.com", "QUIT"]);
  assert.equal(valueOf(report, "probe_ftp_reply_code"), 230);
  assert.equal(valueOf(report, "probe_ftp_starttls_used"), 0);
});

void test("logs a user in with the password, and asks for no TLS that the module turns off", async () => {
  await using server = await startFtpServer();

  const report = await probeFtp(server, { ftp: { ...ACCOUNT, starttls: "off" } });

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(server.lines, ["USER prober", "PASS correct-horse", "QUIT"]);
});

void test("sends no password where the server wants none", async () => {
  await using server = await startFtpServer({ commands: { USER: "230 Welcome" } });

  const report = await probeFtp(server);

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(server.lines.slice(1), ["USER anonymous", "QUIT"]);
});

void test("does all that a module asks for, in order", async () => {
  await using server = await startFtpServer();

  const report = await probeFtp(server, { ftp: EVERYTHING });

  assert.equal(report.outcome, "success", report.detail);
  const [name = ""] = server.lines.flatMap((line) => /^STOR (.*)/.exec(line)?.[1] ?? []);
  assert.match(name, /^status-exporter-[\da-f-]{36}\.tmp$/);
  assert.deepEqual(server.lines.slice(3), [
    "TYPE I",
    "CWD /pub",
    "EPSV",
    "LIST",
    "SIZE readme.txt",
    "EPSV",
    "RETR readme.txt",
    "EPSV",
    `STOR ${name}`,
    `DELE ${name}`,
    "QUIT",
  ]);
  assert.equal(server.files.size, 0);
  assert.deepEqual(
    report.phases.map(({ phase }) => phase),
    ["resolve", "connect", "exchange", "login", "content"],
  );
});

void test("measures entries, size, bytes and speed", async () => {
  await using server = await startFtpServer();

  const report = await probeFtp(server, { ftp: { ...EVERYTHING, upload_size: "200KB" } });

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(valueOf(report, "probe_ftp_directory_entries"), 2);
  assert.equal(valueOf(report, "probe_ftp_file_size_bytes"), README.length);
  assert.deepEqual(transferred(report), { list: LISTING.length, download: README.length, upload: 200 * 1024 });
  for (const operation of ["list", "download", "upload"]) {
    const found = report.measurements.filter(({ labels }) => labels["operation"] === operation);
    const [bytes = NaN, seconds = NaN, speed = NaN] = found.map(({ value }) => value);
    assert.equal(speed, bytes / seconds);
  }
});

void test("keeps the first words of a greeting of several lines as its banner, printable and bounded", async () => {
  const greeting = `220-\r\n220- Fil\u0007es\u2028 ${"of all kinds ".repeat(20)}\r\n220 You are user 3 of 50`;
  await using server = await startFtpServer({ greeting });

  const report = await probeFtp(server);

  const [banner = ""] = report.measurements
    .filter(({ name }) => name === "probe_ftp_banner_info")
    .map(({ labels }) => labels["banner"]);
  assert.match(banner, /^Fil\.es\. of all kinds [\x20-\x7e]{70,80}…$/);
});

void test("a server that turns everybody away is told by its own words", async () => {
  await using server = await startFtpServer({ greeting: "421 Too many users" });

  const report = await probeFtp(server);

  assert.equal(report.outcome, "exchange/malformed");
  assert.match(report.detail, /"421 Too many users"/);
  const banner = report.measurements.find(({ name }) => name === "probe_ftp_banner_info");
  assert.deepEqual(banner?.labels, { banner: "Too many users" });
});

void test("asks for a port by PASV where the server does not know EPSV, and dials its own address for it", async () => {
  // Nobody is at 10.255.255.1: a data connection to it would never come about.
  await using server = await startFtpServer({
    commands: { EPSV: "500 Unknown command", PASV: (talk) => agreeToPassive(talk, "10.255.255.1") },
  });

  const report = await probeFtp(server, { ftp: { download: "readme.txt" } });

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(server.lines.slice(4, 7), ["EPSV", "PASV", "RETR readme.txt"]);
  const told = report.log.find(({ message }) => message === "Server names another address");
  assert.deepEqual(told?.fields, { named: "10.255.255.1", dialled: "127.0.0.1" });
});

void test("takes a small file that is sent before it is announced", async () => {
  await using server = await startFtpServer({
    commands: {
      async RETR(talk) {
        const data = await talk.data();
        data.end(README, () => talk.say("226 Transfer complete"));
      },
    },
  });

  const report = await probeFtp(server, { ftp: { download: "readme.txt" } });

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(transferred(report), { download: README.length });
});

void test("counts no entries of a listing in a form that nobody knows", async () => {
  await using server = await startFtpServer({
    commands: {
      async LIST(talk) {
        talk.say("150 Here it comes");
        const data = await talk.data();
        data.end("nothing to see\r\n", () => talk.say("226 Transfer complete"));
      },
    },
  });

  const report = await probeFtp(server, { ftp: { list: true } });

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(valueOf(report, "probe_ftp_directory_entries"), undefined);
});

void test("shows the command that failed and the reply to it", async () => {
  await using server = await startFtpServer({ commands: { CWD: "550-No such directory\r\n550 Sorry" } });

  const report = await probeFtp(server, { ftp: { change_directory: "/missing" } });

  assert.equal(report.outcome, "exchange/command-failed");
  assert.equal(report.detail, 'The server answered CWD /missing with "550 No such directory Sorry"');
});

void test("never shows the password, not even where the server repeats it", async () => {
  await using server = await startFtpServer({
    commands: { PASS: (talk, argument) => talk.say(`530 "${argument}" is wrong, ${argument.slice(0, 6)}… as well`) },
  });

  const report = await probeFtp(server, { ftp: ACCOUNT });

  assert.equal(report.outcome, "login/rejected");
  assert.match(report.detail, /^The server answered PASS with "530 \\"<secret>\\" is wrong, <secret>. as well"/);
  assert.doesNotMatch(JSON.stringify(report), /correct|horse/);
});

void test("sends no password in the clear that the module does not allow there", async () => {
  await using server = await startFtpServer();

  const report = await probeFtp(server, { ftp: { username: "prober", password: "correct-horse" } });

  assert.equal(report.outcome, "tls/not-offered");
  assert.deepEqual(server.lines, ["AUTH TLS"]);
});

void test("has had its answer when the server does not take leave", async () => {
  await using server = await startFtpServer({ commands: { QUIT: () => undefined } });

  const report = await probeFtp(server, { module: { max_response_time: "400ms" } });

  assert.equal(report.outcome, "success", report.detail);
});
