import assert from "node:assert/strict";
import { test } from "node:test";
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
