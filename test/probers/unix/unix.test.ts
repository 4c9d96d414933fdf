import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import type { Settings } from "../../faults/fault.ts";
import { createAuthority } from "../../support/certificates.ts";
import { problemsOfModule, runProbe, valueOf } from "../../support/run-probe.ts";

let directory = "";

before(async () => {
  directory = await mkdtemp(join(tmpdir(), "unix-prober-"));
});

after(() => rm(directory, { recursive: true }));

void test("converses over a Unix socket", async () => {
  const path = join(directory, "conversation");
  await using _ = await listen(path, (socket) => {
    socket.write("READY 7\n");
    socket.once("data", (chunk) => socket.end(`got ${String(chunk)}`));
  });

  const report = await runProbe("unix", {
    target: path,
    settings: { query_response: [{ expect: "^READY (\\d)$", send: "HELLO $1" }, { expect: "^got HELLO 7$" }] },
  });

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(
    report.phases.map(({ phase }) => phase),
    ["connect", "exchange"],
  );
  assert.equal(valueOf(report, "probe_ip_protocol"), undefined);
  assert.equal(valueOf(report, "probe_failed_due_to_regex"), 0);
});

void test("connects to an abstract name, written with an @", async () => {
  const name = `status-exporter-${process.pid}`;
  await using _ = await listen(`\0${name}`, (socket) => socket.end("READY\n"));

  const report = await runProbe("unix", {
    target: `@${name}`,
    settings: { query_response: [{ expect: "^READY$" }] },
  });
  const absent = await runProbe("unix", { target: `@${name}-absent` });

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(absent.outcome, "connect/refused", absent.detail);
  assert.ok(absent.detail.includes(`@${name}-absent`), absent.detail);
});

void test("reports request/parameter-missing for a URL, and shows nothing of its password", async () => {
  for (const target of ["unix:///run/service.sock", "http://user:s3cret@example.com/"]) {
    const report = await runProbe("unix", { target });

    assert.equal(report.outcome, "request/parameter-missing", report.detail);
    assert.match(report.detail, /found a URL/);
    assert.doesNotMatch(report.detail + JSON.stringify(report.log), /s3cret/);
  }
});

void test("reports connect/refused where there is no such socket", async () => {
  const report = await runProbe("unix", { target: join(directory, "absent") });

  assert.equal(report.outcome, "connect/refused");
  assert.match(report.detail, /ENOENT/);
});

void test("reports connect/refused where the path is a file", async () => {
  const path = join(directory, "file");
  await writeFile(path, "");

  const report = await runProbe("unix", { target: path });

  assert.equal(report.outcome, "connect/refused", report.detail);
});

void test("reports request/parameter-missing for a path that is too long", async () => {
  const report = await runProbe("unix", { target: `/${"x".repeat(107)}` });

  assert.equal(report.outcome, "request/parameter-missing", report.detail);
});

void test("reports exchange/closed where the server hangs up without a word", async () => {
  const path = join(directory, "closing");
  await using _ = await listen(path, (socket) => socket.end());

  const report = await runProbe("unix", { target: path, settings: { query_response: [{ expect: "a" }] } });

  assert.equal(report.outcome, "exchange/closed", report.detail);
});

for (const [title, order, outcome] of [
  ["the module's server_name", { tls: { server_name: "db.example" } }, "success"],
  ["hostname=", { hostname: "db.example" }, "success"],
  ["another name", { hostname: "other.example" }, "tls/name-mismatch"],
  ["no name at all", {}, "request/parameter-missing"],
  ["no name where none is verified", { tls: { insecure_skip_verify: true } }, "success"],
] as const) {
  void test(`speaks TLS with ${title}`, async () => {
    const authority = await createAuthority();
    const { key, chain } = await authority.issue({ names: ["db.example"], addresses: [] });
    const path = join(directory, "secure");
    await using _ = await listenWith(createTlsServer({ key, cert: chain }), path);
    const given: { readonly hostname?: string; readonly tls?: Settings } = order;

    const report = await runProbe("unix", {
      target: path,
      settings: { tls: true, tls_config: { ca: authority.certificate, ...given.tls } },
      ...(given.hostname === undefined ? {} : { hostname: given.hostname }),
    });

    assert.equal(report.outcome, outcome, report.detail);
  });
}

void test("refuses the keys of addresses, which a path has none of", () => {
  assert.match(problemsOfModule("unix", { source_ip_address: "127.0.0.1" })[0] ?? "", /unknown key/);
});

function listen(path: string, onConnection: (socket: Socket) => void): Promise<AsyncDisposable> {
  return listenWith(
    createServer((socket) => {
      onConnection(socket);
      socket.resume();
    }),
    path,
  );
}

async function listenWith(server: Server, path: string): Promise<AsyncDisposable> {
  server.on("connection", (socket: Socket) => socket.on("error", () => socket.destroy()));
  server.on("tlsClientError", () => undefined);
  server.listen(path);
  await once(server, "listening");
  return {
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      await closed;
    },
  };
}
