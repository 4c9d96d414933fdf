import assert from "node:assert/strict";
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startStreamServer } from "../../faults/servers/stream-server.ts";
import { eventually } from "../../support/eventually.ts";
import { measured, probeHttp } from "./probe-http.ts";
import { startWebServer } from "./web-server.ts";

test("succeeds on a 2xx and measures what blackbox_exporter measures", async () => {
  await using server = await startWebServer({
    headers: { "last-modified": "Wed, 21 Oct 2015 07:28:00 GMT", "content-length": "5" },
    body: "hello",
  });
  const report = await probeHttp(server.url);
  assert.deepEqual([report.outcome, report.detail, report.httpStatus], ["success", "", 200]);
  assert.equal(measured(report, "probe_http_status_code"), 200);
  assert.equal(measured(report, "probe_http_version"), 1.1);
  assert.equal(measured(report, "probe_http_content_length"), 5);
  assert.equal(measured(report, "probe_http_uncompressed_body_length"), 5);
  assert.equal(measured(report, "probe_http_redirects"), 0);
  assert.equal(measured(report, "probe_http_ssl"), 0);
  assert.equal(measured(report, "probe_failed_due_to_regex"), 0);
  assert.equal(measured(report, "probe_failed_due_to_cel"), undefined);
  assert.equal(measured(report, "probe_http_last_modified_timestamp_seconds"), 1_445_412_480);
  assert.equal(measured(report, "probe_ip_protocol"), 4);
  for (const phase of ["resolve", "connect", "tls", "processing", "transfer"]) {
    const seconds = measured(report, "probe_http_duration_seconds", { phase });
    assert.ok(seconds !== undefined && seconds >= 0 && seconds < 5, phase);
  }
  assert.deepEqual(
    report.phases.map(({ phase }) => phase),
    ["resolve", "connect", "exchange"],
  );
  await eventually(() => assert.equal(server.connections(), 0));
});

test("sends the request that the module describes", async () => {
  await using server = await startWebServer({});
  await probeHttp(`${server.url}/a/b?c=d#e`, {
    method: "PUT",
    body: "content",
    headers: { "X-One": "1", "Content-Type": "text/plain", Connection: "keep-alive", "Transfer-Encoding": "chunked" },
    http_headers: { "X-Two": { values: ["2", "3"], secrets: ["4"] } },
  });
  const [request] = server.received;
  assert.deepEqual([request?.method, request?.url, request?.body], ["PUT", "/a/b?c=d", "content"]);
  const { host, ...headers } = request?.headers ?? {};
  assert.equal(host, new URL(server.url).host);
  assert.deepEqual(headers, {
    "user-agent": "Status-Exporter/0.1.0",
    "x-one": "1",
    "content-type": "text/plain",
    "content-length": "7",
    "x-two": "2, 3, 4",
    connection: "close",
  });
});

test("needs nothing of Accept-Encoding unless a compression is configured", async () => {
  await using server = await startWebServer({});
  await probeHttp(server.url);
  assert.equal(server.received[0]?.headers["accept-encoding"], undefined);
});

test("says what is wrong with a target", async () => {
  const cases = [
    ["http://", "request/parameter-missing", /no host/],
    ["http://127.0.0.1:70000/", "request/parameter-missing", /70000 is out of range/],
    ["gopher://127.0.0.1/", "request/unsupported-scheme", /"gopher"/],
  ] as const;
  for (const [target, outcome, detail] of cases) {
    const report = await probeHttp(target);
    assert.equal(report.outcome, outcome);
    assert.match(report.detail, detail);
    assert.equal(measured(report, "probe_http_status_code"), 0);
    assert.equal(measured(report, "probe_http_duration_seconds", { phase: "resolve" }), undefined);
  }
});

test("judges the status, by default any 2xx", async () => {
  await using server = await startWebServer(({ url }) => ({ status: Number(url.slice(1)) }));
  assert.equal((await probeHttp(`${server.url}/204`)).outcome, "success");
  const missing = await probeHttp(`${server.url}/404`);
  assert.equal(missing.outcome, "content/status-not-allowed");
  assert.equal(missing.detail, "The server answered 404 Not Found; expected 2xx");
  assert.equal(missing.httpStatus, 404);
  assert.equal((await probeHttp(`${server.url}/404`, { valid_status_codes: [404, 410] })).outcome, "success");
  const wrong = await probeHttp(`${server.url}/200`, { valid_status_codes: [404, 410] });
  assert.equal(wrong.detail, "The server answered 200 OK; expected 404, 410");
});

test("judges the headers, value by value", async () => {
  await using server = await startWebServer({ headers: { "x-a": ["one", "two"], "set-cookie": "session=hunter2" } });
  const cases = [
    [{ fail_if_header_matches: [{ header: "X-A", regexp: "^two$" }] }, "content/forbidden"],
    [{ fail_if_header_matches: [{ header: "X-A", regexp: "^three$" }] }, "success"],
    [{ fail_if_header_matches: [{ header: "X-B", regexp: "a" }] }, "content/missing"],
    [{ fail_if_header_matches: [{ header: "X-B", regexp: "a", allow_missing: true }] }, "success"],
    [{ fail_if_header_not_matches: [{ header: "x-a", regexp: "^tw" }] }, "success"],
    [{ fail_if_header_not_matches: [{ header: "X-A", regexp: "^three$" }] }, "content/missing"],
    [{ fail_if_header_not_matches: [{ header: "X-B", regexp: "a" }] }, "content/missing"],
    [{ fail_if_header_not_matches: [{ header: "X-B", regexp: "a", allow_missing: true }] }, "success"],
    [{ fail_if_header_matches: [{ header: "Set-Cookie", regexp: "session" }] }, "content/forbidden"],
  ] as const;
  for (const [block, outcome] of cases) {
    const report = await probeHttp(server.url, block);
    assert.equal(report.outcome, outcome, JSON.stringify(block));
    assert.equal(measured(report, "probe_failed_due_to_regex"), outcome === "success" ? 0 : 1);
    assert.doesNotMatch(JSON.stringify(report), /hunter2/);
  }
});

test("judges the body by patterns, words and JSON, all in one module", async () => {
  await using server = await startWebServer({ body: '{"state":"up","n":5,"name":"Zürich"}' });
  const block = {
    fail_if_body_matches_regexp: ["down"],
    fail_if_body_not_matches_regexp: ["(?i)STATE", "Z.rich"],
    required_words: ["up", "Zürich"],
    forbidden_words: ["error"],
    fail_if_body_json_matches_cel: "body.state == 'down'",
    fail_if_body_json_not_matches_cel: "body.n == 5 && body.name.matches('^Z')",
  };
  const report = await probeHttp(server.url, block);
  assert.deepEqual([report.outcome, report.detail], ["success", ""]);
  assert.equal(measured(report, "probe_failed_due_to_cel"), 0);

  const cases = [
    [{ fail_if_body_matches_regexp: ["up"] }, "content/forbidden", 1, undefined, /matches "up"/],
    [{ fail_if_body_not_matches_regexp: ["down"] }, "content/missing", 1, undefined, /does not match "down"/],
    [{ forbidden_words: ["up"] }, "content/forbidden", 0, undefined, /contains "up"/],
    [{ required_words: ["UP"] }, "content/missing", 0, undefined, /does not contain "UP"/],
    [{ fail_if_body_json_matches_cel: "body.n > 4" }, "content/forbidden", 0, 1, /true/],
    [{ fail_if_body_json_not_matches_cel: "body.n > 5" }, "content/missing", 0, 1, /does not make/],
    [{ fail_if_body_json_not_matches_cel: "body.absent" }, "content/missing", 0, 1, /Cannot evaluate/],
    [{ fail_if_body_json_not_matches_cel: "body.n" }, "content/missing", 0, 1, /neither true nor false/],
  ] as const;
  for (const [failing, outcome, regex, cel, detail] of cases) {
    const failed = await probeHttp(server.url, failing);
    assert.equal(failed.outcome, outcome, JSON.stringify(failing));
    assert.match(failed.detail, detail);
    assert.equal(measured(failed, "probe_failed_due_to_regex"), regex);
    assert.equal(measured(failed, "probe_failed_due_to_cel"), cel);
  }
});

test("says so when a body that should be JSON is none", async () => {
  await using server = await startWebServer({ body: "<html>" });
  const report = await probeHttp(server.url, { fail_if_body_json_matches_cel: "body.a == 1" });
  assert.equal(report.outcome, "content/missing");
  assert.match(report.detail, /no JSON: <html>/);
});

test("judges status before headers before body, and measures the body all the same", async () => {
  await using server = await startWebServer({ status: 500, body: "error" });
  const report = await probeHttp(server.url, {
    fail_if_header_not_matches: [{ header: "x-a", regexp: "a" }],
    fail_if_body_matches_regexp: ["error"],
  });
  assert.equal(report.outcome, "content/status-not-allowed");
  assert.equal(measured(report, "probe_failed_due_to_regex"), 0);
  assert.equal(measured(report, "probe_http_uncompressed_body_length"), 5);
});

test("sends the virtual host that the scrape or the module asks for", async () => {
  await using server = await startWebServer({});
  await probeHttp(server.url, {}, { hostname: "shop.example" });
  await probeHttp(server.url, { headers: { host: "shop.example:8080" } });
  await probeHttp(server.url, { headers: { Host: "shop.example" } }, { hostname: "shop.example" });
  assert.deepEqual(
    server.received.map(({ headers }) => headers["host"]),
    ["shop.example", "shop.example:8080", "shop.example"],
  );
  const torn = await probeHttp(server.url, { headers: { Host: "a.example" } }, { hostname: "b.example" });
  assert.equal(torn.outcome, "request/parameter-missing");
  assert.match(torn.detail, /a\.example.*b\.example/);
});

test("reads the body from a file, and says so where it cannot", async (t) => {
  await using server = await startWebServer({});
  await using directory = await mkdtempDisposable(join(tmpdir(), "body-"));
  const path = join(directory.path, "body");
  await writeFile(path, "from a file");
  await probeHttp(server.url, { method: "POST", body_file: path });
  assert.equal(server.received[0]?.body, "from a file");
  const report = await probeHttp(server.url, { method: "POST", body_file: `${path}.absent` });
  assert.equal(report.outcome, "request/parameter-missing");
  assert.match(report.detail, /Cannot read body_file/);
  t.diagnostic(report.detail);
});

test("keeps the password of a target's URL out of the report", async () => {
  await using server = await startWebServer({ status: 401 });
  const { host } = new URL(server.url);
  const report = await probeHttp(`http://monitor:hunter2%21@${host}/`);
  assert.equal(server.received[0]?.headers["authorization"], `Basic ${btoa("monitor:hunter2!")}`);
  assert.equal(report.outcome, "login/rejected");
  assert.doesNotMatch(JSON.stringify(report), /hunter2/);
});

test("dials no internal address where the policy forbids it", async () => {
  await using server = await startWebServer({});
  const report = await probeHttp(server.url, {}, { internalAddresses: "forbid" });
  assert.equal(report.outcome, "policy/internal-address");
  assert.equal(server.received.length, 0);
});

test("counts the time of a handshake that the deadline ends", async () => {
  await using silent = await startStreamServer(() => undefined);
  const report = await probeHttp(`https://${silent.host}:${silent.port}`, {}, { timeoutSeconds: 0.3 });
  assert.equal(report.outcome, "tls/timeout");
  assert.ok((measured(report, "probe_http_duration_seconds", { phase: "tls" }) ?? 0) > 0.2);
});

test("ends at the deadline when a server sends one byte at a time", async () => {
  await using server = await startStreamServer((socket) => {
    const drip = setInterval(() => socket.write("H"), 50);
    socket.on("close", () => clearInterval(drip));
  });
  const report = await probeHttp(`http://${server.host}:${server.port}`, {}, { timeoutSeconds: 0.3 });
  assert.equal(report.outcome, "exchange/malformed");
  await using slow = await startStreamServer((socket) => {
    socket.write("HTTP/1.1 200 OK\r\nX-A: ");
    const drip = setInterval(() => socket.write("a"), 50);
    socket.on("close", () => clearInterval(drip));
  });
  const late = await probeHttp(`http://${slow.host}:${slow.port}`, {}, { timeoutSeconds: 0.3 });
  assert.equal(late.outcome, "exchange/timeout");
  assert.ok(late.durationSeconds < 1);
  await eventually(() => assert.equal(slow.connections(), 0));
});
