import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { README, startFtpServer, type Talk } from "../../faults/ftp/ftp-server.ts";
import { writeForever } from "../../faults/servers/answers.ts";
import { startFullBacklog } from "../../faults/servers/full-backlog.ts";
import { breakOff } from "../../faults/servers/stream-server.ts";
import { valueOf } from "../../support/run-probe.ts";
import { EVERYTHING, probeFtp, transferred } from "./probe-ftp.ts";

/** Several times what the system keeps for a connection whose other end does not read. */
const MORE_THAN_FITS = "64MB";

void test("a download without end is over at the limit, whatever the server says to that", async () => {
  await using server = await startFtpServer({ commands: { RETR: sendForever } });

  const report = await probeFtp(server, { ftp: { download: "endless", download_limit: "300KB", upload: true } });

  assert.equal(report.outcome, "success", report.detail);
  const { download = NaN, upload } = transferred(report);
  assert.ok(download >= 300 * 1024 && download < 500 * 1024, `received ${download} bytes`);
  assert.equal(upload, 1024);
});

void test("a file is downloaded whole where there is no limit", async () => {
  const content = Buffer.alloc(3 * 1024 * 1024, "x");
  await using server = await startFtpServer({ commands: { RETR: (talk) => send(talk, content) } });

  const report = await probeFtp(server, { ftp: { download: "large", download_limit: 0 } });

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(transferred(report), { download: content.length });
});

void test("a listing without end is over at 256 KiB, and its entries are not counted", async () => {
  await using server = await startFtpServer({ commands: { LIST: sendForever } });

  const report = await probeFtp(server, { ftp: { list: true } });

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(valueOf(report, "probe_ftp_directory_entries"), undefined);
});

void test("an empty file and an empty listing are read as such", async () => {
  await using server = await startFtpServer({
    commands: { LIST: (talk) => send(talk, ""), RETR: (talk) => send(talk, "") },
  });

  const report = await probeFtp(server, { ftp: { list: true, download: "empty", upload: true, upload_size: "0" } });

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(transferred(report), { list: 0, download: 0, upload: 0 });
  assert.equal(valueOf(report, "probe_ftp_directory_entries"), 0);
});

void test("the end of an upload is not lost on a server that is slow to read and speaks out of turn", async () => {
  await using server = await startFtpServer({
    commands: {
      async STOR(talk, name) {
        talk.say("150 Ok to send data");
        const data = await talk.data();
        // More than the other end takes in unasked: a connection that is destroyed over this is reset.
        data.pause().write(Buffer.alloc(4 * 1024 * 1024));
        for (let turn = 0; turn < 100; turn += 1) await nextTurn();
        const pieces: Buffer[] = [];
        data.on("data", (piece: Buffer) => pieces.push(piece)).resume();
        data.on("end", () => {
          talk.store.set(name, Buffer.concat(pieces));
          talk.say("226 Transfer complete");
        });
      },
    },
  });

  const report = await probeFtp(server, { ftp: { upload: true, upload_size: "50KB" }, module: { timeout: "2s" } });

  assert.equal(report.outcome, "success", report.detail);
});

void test("what a failed upload left is deleted", async () => {
  await using server = await startFtpServer({
    commands: {
      async STOR(talk, name) {
        talk.say("150 Ok to send data");
        const data = await talk.data();
        data.once("data", (piece: Buffer) => {
          talk.store.set(name, piece);
          breakOff(data);
          talk.say("426 Connection closed");
        });
      },
    },
  });

  const report = await probeFtp(server, { ftp: { upload: true, upload_size: MORE_THAN_FITS } });

  assert.equal(report.outcome, "exchange/transfer-failed");
  assert.match(report.detail, /^The server answered STOR status-exporter-[\da-f-]+\.tmp with "426 Connection closed"$/);
  assert.match(server.lines.at(-1) ?? "", /^DELE status-exporter-/);
  assert.equal(server.files.size, 0);
});

void test("what an upload that stalls left is deleted before the deadline", async () => {
  await using server = await startFtpServer({
    commands: {
      async STOR(talk, name) {
        talk.store.set(name, Buffer.from("half"));
        talk.say("150 Ok to send data");
        const data = await talk.data();
        data.on("close", () => talk.say("426 Connection closed"));
        // Reads nothing until the client has given up, so that the system's buffers fill.
        data.once("data", () => data.pause());
        const wakeUp = setTimeout(() => data.resume(), 1000);
        data.on("close", () => clearTimeout(wakeUp));
      },
    },
  });

  const report = await probeFtp(server, {
    ftp: { upload: true, upload_size: MORE_THAN_FITS },
    module: { timeout: "1200ms" },
  });

  assert.equal(report.outcome, "exchange/transfer-failed");
  assert.match(
    report.detail,
    /^The transfer did not end in time: STOR status-exporter-[\da-f-]+\.tmp carried \d+ bytes$/,
  );
  assert.ok((transferred(report)["upload"] ?? NaN) < 64 * 1024 * 1024);
  assert.match(server.lines.at(-1) ?? "", /^DELE status-exporter-/);
  assert.equal(server.files.size, 0);
});

void test("nothing is deleted where the server did not take the file", async () => {
  await using server = await startFtpServer({ commands: { STOR: "553 Could not create file" } });

  const report = await probeFtp(server, { ftp: { upload: true } });

  assert.equal(report.outcome, "exchange/transfer-failed");
  assert.match(report.detail, /with "553 Could not create file"$/);
  assert.match(server.lines.at(-1) ?? "", /^STOR /);
});

void test("a data connection to which nobody answers is a transfer that failed", async () => {
  await using nobody = await startFullBacklog();
  await using server = await startFtpServer({ commands: { EPSV: `229 Passive (|||${nobody.port}|)` } });

  const report = await probeFtp(server, { ftp: { list: true }, module: { timeout: "500ms" } });

  assert.equal(report.outcome, "exchange/transfer-failed");
  assert.match(report.detail, /^Cannot open a data connection to port \d+: /);
});

void test("a download that stalls tells how much had come", async () => {
  await using server = await startFtpServer({
    commands: {
      async RETR(talk) {
        talk.say("150 Here it comes");
        const data = await talk.data();
        data.write("All is");
      },
    },
  });

  const report = await probeFtp(server, { ftp: { download: "readme.txt" }, module: { timeout: "500ms" } });

  assert.equal(report.outcome, "exchange/transfer-failed");
  assert.equal(report.detail, "The transfer did not end in time: RETR readme.txt carried 6 bytes");
  assert.deepEqual(transferred(report), { download: 6 });
});

void test("a data connection that breaks while the server is content is a transfer that failed", async () => {
  await using server = await startFtpServer({
    commands: {
      async RETR(talk) {
        talk.say("150 Here it comes");
        breakOff(await talk.data());
        talk.say("226 Transfer complete");
      },
    },
  });

  const report = await probeFtp(server, { ftp: { download: "readme.txt" } });

  assert.equal(report.outcome, "exchange/transfer-failed");
  assert.match(report.detail, /^Cannot receive the file: /);
});

for (const reply of ["229 Entering", "229 (|||0|)", "229 (|||65536|)", "229 (||||)", "229 (|||1234567|)"]) {
  void test(`a port that cannot be dialled is no passive mode: ${reply}`, async () => {
    await using server = await startFtpServer({ commands: { EPSV: reply } });

    const report = await probeFtp(server, { ftp: { list: true } });

    assert.equal(report.outcome, "exchange/malformed");
  });
}

void test("the control connection that ends in a transfer is what failed", async () => {
  await using server = await startFtpServer({
    commands: {
      async RETR(talk) {
        talk.say("150 Here it comes");
        const data = await talk.data();
        data.end(README);
        talk.socket.end();
      },
    },
  });

  const report = await probeFtp(server, { ftp: { ...EVERYTHING, list: false } });

  assert.equal(report.outcome, "exchange/closed");
});

async function sendForever(talk: Talk): Promise<void> {
  talk.say("150 Here it comes");
  const data = await talk.data();
  data.on("close", () => talk.say("426 Failure writing network stream"));
  writeForever(data, "-rw-r--r--    1 ftp      ftp            13 Feb 20  2025 readme.txt\r\n".repeat(500));
}

async function send(talk: Talk, content: string | Buffer): Promise<void> {
  talk.say("150 Here it comes");
  const data = await talk.data();
  data.end(content, () => talk.say("226 Transfer complete"));
}
