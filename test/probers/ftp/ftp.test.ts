import assert from "node:assert/strict";
import { test } from "node:test";
import type { Report } from "../../../src/outcome/report.ts";
import type { Settings } from "../../faults/fault.ts";
import { type FtpServer, LISTING, README, startFtpServer } from "../../faults/ftp/ftp-server.ts";
import { createAuthority } from "../../support/certificates.ts";
import { runProbe, valueOf } from "../../support/run-probe.ts";

const EVERYTHING = { change_directory: "/pub", list: true, size: "readme.txt", download: "readme.txt", upload: true };

void test("logs in as anonymous and does nothing else unless the module asks for it", async () => {
  await using server = await startFtpServer();

  const report = await probe(server);

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(server.lines, ["AUTH TLS", "USER anonymous", "PASS ftp@example.com", "QUIT"]);
  assert.equal(valueOf(report, "probe_ftp_reply_code"), 230);
  assert.equal(valueOf(report, "probe_ftp_starttls_used"), 0);
});

void test("does all that a module asks for, in order", async () => {
  await using server = await startFtpServer();

  const report = await probe(server, EVERYTHING);

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
  assert.equal(valueOf(report, "probe_ftp_directory_entries"), 2);
  assert.equal(valueOf(report, "probe_ftp_file_size_bytes"), README.length);
  assert.deepEqual(transferred(report), { list: LISTING.length, download: README.length, upload: 1024 });
});

for (const security of ["explicit", "implicit"] as const) {
  void test(`secures both kinds of connections with ${security} TLS, and takes up the session`, async () => {
    const authority = await createAuthority();
    const { key, chain } = await authority.issue();
    const implicit = security === "implicit" ? { security } : {};
    await using server = await startFtpServer({ tls: { key, cert: chain }, ...implicit });

    const report = await probe(
      server,
      { ...EVERYTHING, starttls: "required", tls_config: { ca: authority.certificate } },
      security === "implicit" ? "ftps" : "ftp",
    );

    assert.equal(report.outcome, "success", report.detail);
    assert.deepEqual(server.resumptions, [true, true, true]);
    assert.deepEqual(transferred(report), { list: LISTING.length, download: README.length, upload: 1024 });
  });
}

function probe(server: FtpServer, settings: Settings = {}, scheme = "ftp"): Promise<Report> {
  return runProbe("ftp", { target: `${scheme}://${server.host}:${server.port}`, settings });
}

function transferred(report: Report): Readonly<Record<string, number>> {
  const samples = report.measurements.filter(({ name }) => name === "probe_ftp_transfer_bytes");
  return Object.fromEntries(samples.map(({ labels, value }) => [labels["operation"], value]));
}
