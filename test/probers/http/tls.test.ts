import assert from "node:assert/strict";
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { createSecureServer, type ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createServer } from "node:tls";
import { startServer } from "../../faults/servers/fault-server.ts";
import { createAuthority, expired } from "../../support/certificates.ts";
import { eventually } from "../../support/eventually.ts";
import { measured, probeHttp } from "./probe-http.ts";
import { startWebServer } from "./web-server.ts";

test("speaks HTTP/2 where the server does", async () => {
  const authority = await createAuthority();
  const { key, chain } = await authority.issue();
  await using server = await startWebServer(
    { headers: { "x-a": "1" }, body: "hello" },
    { key, cert: chain, http2: true },
  );
  const report = await probeHttp(`${server.url}/path?query`, {
    method: "POST",
    body: "data",
    headers: { "X-One": "1", Host: "localhost" },
    http_headers: { "X-Two": { values: ["2", "3"] } },
    tls_config: { ca: authority.certificate },
    valid_http_versions: ["HTTP/2"],
    required_words: ["hello"],
    fail_if_header_not_matches: [{ header: "X-A", regexp: "1" }],
    fail_if_not_ssl: true,
  });
  assert.deepEqual([report.outcome, report.detail], ["success", ""]);
  assert.equal(measured(report, "probe_http_version"), 2);
  assert.equal(measured(report, "probe_http_ssl"), 1);
  assert.equal(measured(report, "probe_http_content_length"), -1);
  assert.equal(measured(report, "probe_http_uncompressed_body_length"), 5);
  assert.ok((measured(report, "probe_ssl_earliest_cert_expiry") ?? 0) > Date.now() / 1000);
  const [request] = server.received;
  assert.deepEqual(
    [request?.method, request?.url, request?.version, request?.body],
    ["POST", "/path?query", "2.0", "data"],
  );
  assert.equal(request?.headers[":authority"], "localhost");
  assert.equal(request?.headers["x-one"], "1");
  assert.equal(request?.headers["x-two"], "2, 3");
  await eventually(() => assert.equal(server.connections(), 0));
});

test("speaks HTTP/1.1 where HTTP/2 is disabled or the server has none", async () => {
  const authority = await createAuthority();
  const { key, chain } = await authority.issue();
  const tls_config = { ca: authority.certificate };
  await using both = await startWebServer({}, { key, cert: chain, http2: true });
  const disabled = await probeHttp(both.url, { tls_config, enable_http2: false, valid_http_versions: ["HTTP/1.1"] });
  assert.equal(disabled.outcome, "success");
  await using old = await startWebServer({}, { key, cert: chain });
  const report = await probeHttp(old.url, { tls_config, valid_http_versions: ["HTTP/2.0"] });
  assert.equal(report.outcome, "content/version-not-allowed");
  assert.match(report.detail, /HTTP\/1\.1; expected HTTP\/2\.0/);
  assert.equal(measured(report, "probe_http_status_code"), 200);
});

test("verifies the name that it asks for: the server name, the virtual host without its port, the target", async () => {
  const authority = await createAuthority();
  const { key, chain } = await authority.issue({ names: ["shop.example"], addresses: [] });
  await using server = await startWebServer({}, { key, cert: chain });
  const tls_config = { ca: authority.certificate };
  assert.equal((await probeHttp(server.url, { tls_config })).outcome, "tls/name-mismatch");
  assert.equal((await probeHttp(server.url, { tls_config }, { hostname: "shop.example" })).outcome, "success");
  assert.equal((await probeHttp(server.url, { tls_config, headers: { Host: "shop.example:443" } })).outcome, "success");
  assert.equal(
    (await probeHttp(server.url, { tls_config: { ...tls_config, server_name: "shop.example" } })).outcome,
    "success",
  );
  assert.equal((await probeHttp(server.url, { tls_config: { insecure_skip_verify: true } })).outcome, "success");
});

test("measures a certificate that it does not trust", async () => {
  const authority = await createAuthority();
  const { key, chain } = await authority.issue(expired());
  await using server = await startWebServer({}, { key, cert: chain });
  const report = await probeHttp(server.url, { tls_config: { ca: authority.certificate } });
  assert.equal(report.outcome, "tls/certificate-expired");
  assert.ok((measured(report, "probe_ssl_earliest_cert_expiry") ?? Number.POSITIVE_INFINITY) < Date.now() / 1000);
});

test("says what an HTTP/2 server did instead of answering", async () => {
  const authority = await createAuthority();
  const { key, chain } = await authority.issue();
  const tls_config = { ca: authority.certificate };
  const cases = [
    [(stream: ServerHttp2Stream) => stream.close(8), "exchange/closed", /CANCEL/],
    [(stream: ServerHttp2Stream) => stream.close(7), "exchange/closed", /REFUSED_STREAM/],
    [(stream: ServerHttp2Stream) => stream.session?.goaway(2), "exchange/closed", /INTERNAL_ERROR/],
    [(stream: ServerHttp2Stream) => stream.session?.destroy(), "exchange/closed", /closed|ended/],
    [halfABody, "exchange/closed", /before the response was complete/],
    [halfABodyThenGone, "exchange/closed", /before the response was complete/],
    [manyHints, "exchange/malformed", /more than 16 informational/],
    [hugeHeader, "exchange/malformed", /./],
  ] as const;
  for (const [behave, outcome, detail] of cases) {
    const http2 = createSecureServer({ key, cert: chain, maxSendHeaderBlockLength: 2 ** 20 });
    http2.once("connection", (connection: Socket) => {
      http2.on("stream", (stream) => {
        stream.on("error", () => stream.destroy());
        behave(stream, connection);
      });
    });
    http2.on("sessionError", () => undefined);
    await using server = await startServer(http2);
    const report = await probeHttp(`https://${server.host}:${server.port}`, { tls_config });
    assert.equal(report.outcome, outcome, `${behave.toString()}: ${report.detail}`);
    assert.match(report.detail, detail);
    await eventually(() => assert.equal(server.connections(), 0));
  }
});

function halfABody(stream: ServerHttp2Stream): void {
  stream.respond({ ":status": 200 });
  stream.write("half", () => stream.session?.destroy(new Error("on purpose"), 2));
}

function halfABodyThenGone(stream: ServerHttp2Stream, connection: Socket): void {
  stream.respond({ ":status": 200 });
  stream.write("half", () => connection.end());
}

function manyHints(stream: ServerHttp2Stream): void {
  for (let count = 0; count < 40; count += 1) stream.additionalHeaders({ ":status": 103, link: "</a>" });
}

function hugeHeader(stream: ServerHttp2Stream): void {
  const headers = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`x-${index}`, "a".repeat(10_000)]));
  stream.respond({ ":status": 200, ...headers });
}

test("says malformed where a server that agreed on HTTP/2 sends something else", async () => {
  const authority = await createAuthority();
  const { key, chain } = await authority.issue();
  await using server = await startServer(
    createServer({ key, cert: chain, ALPNProtocols: ["h2"] }, (socket) => {
      socket.on("error", () => socket.destroy());
      socket.resume().write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    }),
  );
  const report = await probeHttp(`https://${server.host}:${server.port}`, {
    tls_config: { ca: authority.certificate },
  });
  assert.equal(report.outcome, "exchange/malformed");
  await eventually(() => assert.equal(server.connections(), 0));
});

test("ends at the deadline where an HTTP/2 server stays silent", async () => {
  const authority = await createAuthority();
  const { key, chain } = await authority.issue();
  await using server = await startServer(createSecureServer({ key, cert: chain }, () => undefined));
  const report = await probeHttp(
    `https://${server.host}:${server.port}`,
    { tls_config: { ca: authority.certificate } },
    { timeoutSeconds: 0.3 },
  );
  assert.equal(report.outcome, "exchange/timeout");
  await eventually(() => assert.equal(server.connections(), 0));
});

test("says so where a header cannot be sent, over either version", async () => {
  const authority = await createAuthority();
  const { key, chain } = await authority.issue();
  await using directory = await mkdtempDisposable(join(tmpdir(), "header-"));
  const file = join(directory.path, "header");
  await writeFile(file, "hunter2\r\nX-Injected: yes");
  await using server = await startWebServer({}, { key, cert: chain, http2: true });
  for (const enable_http2 of [true, false]) {
    const report = await probeHttp(server.url, {
      tls_config: { ca: authority.certificate },
      enable_http2,
      http_headers: { "X-Key": { files: [file] } },
    });
    assert.equal(report.outcome, "request/parameter-missing", report.detail);
    assert.match(report.detail, /x-key/iu);
    assert.doesNotMatch(JSON.stringify(report), /hunter2/);
  }
  assert.equal(server.received.length, 0);
  await eventually(() => assert.equal(server.connections(), 0));
});

test("asks for another protocol in HTTP/1.1, also of a server that has HTTP/2", async () => {
  const authority = await createAuthority();
  const { key, chain } = await authority.issue();
  await using server = await startWebServer({}, { key, cert: chain, http2: true });
  await probeHttp(server.url, {
    tls_config: { ca: authority.certificate },
    headers: { Connection: "Upgrade", Upgrade: "example/1" },
  });
  assert.deepEqual([server.received[0]?.version, server.received[0]?.headers["upgrade"]], ["1.1", "example/1"]);
});
