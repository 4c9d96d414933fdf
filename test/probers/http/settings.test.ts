import assert from "node:assert/strict";
import { test } from "node:test";
import { httpSettings } from "../../../src/probers/http/settings.ts";

test("an empty block is blackbox_exporter's default", () => {
  const settings = httpSettings.parse({});
  assert.equal(settings.request.method, "GET");
  assert.equal(settings.maxRedirects, 10);
  assert.equal(settings.client.followRedirects, true);
  assert.equal(settings.client.enableHttp2, true);
  assert.deepEqual([settings.family.preferred, settings.family.fallback], [6, true]);
  assert.equal(settings.bodySizeLimitBytes, undefined);
  assert.equal(settings.looksAtBody, false);
  assert.equal(settings.compression, "");
});

test("accepts every key of blackbox_exporter's module, and ours", () => {
  const settings = httpSettings.parse({
    preferred_ip_protocol: "ip4",
    ip_protocol_fallback: false,
    valid_status_codes: [200, 204],
    valid_http_versions: ["HTTP/1.1", "HTTP/2"],
    enable_http3: false,
    method: "POST",
    headers: { "Content-Type": "application/json" },
    fail_if_ssl: false,
    fail_if_not_ssl: true,
    fail_if_body_matches_regexp: ["a"],
    fail_if_body_not_matches_regexp: ["b"],
    fail_if_body_json_matches_cel: "body.a",
    fail_if_body_json_not_matches_cel: "body.b",
    fail_if_header_matches: [{ header: "A", regexp: "a", allow_missing: true }],
    fail_if_header_not_matches: [{ header: "B", regexp: "b" }],
    body: "content",
    compression: "GZIP",
    body_size_limit: "1.5MB",
    skip_resolve_phase_with_proxy: true,
    no_follow_redirects: true,
    follow_redirects: true,
    enable_http2: false,
    required_words: ["x"],
    forbidden_words: ["y"],
    max_redirects: 3,
    source_ip_address: "192.0.2.1",
  });
  assert.deepEqual(settings.checks.versions, ["HTTP/1.1", "HTTP/2.0"]);
  assert.equal(settings.checks.tls, "required");
  assert.equal(settings.client.followRedirects, false);
  assert.equal(settings.compression, "gzip");
  assert.equal(settings.bodySizeLimitBytes, 1.5 * 1024 * 1024);
  assert.equal(settings.looksAtBody, true);
  assert.equal(settings.checks.headers.forbidden[0]?.name, "a");
});

test("names each mistake with its path, all at once", () => {
  const cases: readonly (readonly [block: object, path: string, message: RegExp])[] = [
    [{ enable_http3: true }, "enable_http3", /HTTP\/3 is not supported/],
    [{ valid_http_versions: ["HTTP/3.0"] }, "valid_http_versions.0", /HTTP\/3 is not supported/],
    [{ valid_http_versions: ["2"] }, "valid_http_versions.0", /HTTP\/1\.0, HTTP\/1\.1/],
    [{ valid_status_codes: ["2xx"] }, "valid_status_codes.0", /whole number/],
    [{ body: "a", body_file: "b" }, "", /body and body_file/],
    [{ compression: "lzma" }, "compression", /gzip, br, deflate, zstd or identity/],
    [{ compression: "gzip", headers: { "accept-encoding": "br" } }, "headers.accept-encoding", /admits/],
    [{ headers: { "X-A": "a\r\nX-B: b" } }, "headers.X-A", /line breaks/],
    [{ headers: { "X A": "a" } }, "headers.X A", /name of a header/],
    [{ method: "GET /" }, "method", /method such as GET/],
    [{ method: "connect" }, "method", /only proxies/],
    [{ fail_if_body_matches_regexp: ["("] }, "fail_if_body_matches_regexp.0", /RE2/],
    [{ fail_if_body_matches_regexp: ["(?=a)"] }, "fail_if_body_matches_regexp.0", /lookaround/],
    [{ fail_if_body_json_matches_cel: "" }, "fail_if_body_json_matches_cel", /CEL expression/],
    [{ fail_if_body_json_not_matches_cel: "oops == 1" }, "fail_if_body_json_not_matches_cel", /"oops"/],
    [{ fail_if_header_matches: [{ regexp: "a" }] }, "fail_if_header_matches.0.header", /name of a header/],
    [{ fail_if_header_matches: [{ header: "a" }] }, "fail_if_header_matches.0.regexp", /regular expression/],
    [{ required_words: [""] }, "required_words.0", /expected a word/],
    [{ max_redirects: -1 }, "max_redirects", /0 to 50/],
    [{ max_redirects: 51 }, "max_redirects", /0 to 50/],
    [{ body_size_limit: "1kB" }, "body_size_limit", /size/],
    [{ proxy_url: "gopher://proxy" }, "proxy_url", /http, https or socks5/],
    [{ basic_auth: { username: "a", username_file: "b" } }, "basic_auth", /at most one/],
    [{ unknown: 1 }, "", /[Uu]nrecognized/],
  ];
  for (const [block, path, message] of cases) {
    const issues = httpSettings.safeParse(block).error?.issues ?? [];
    assert.deepEqual([issues.length, issues[0]?.path.join(".")], [1, path], JSON.stringify(block));
    assert.match(issues[0]?.message ?? "", message);
  }
  const several = httpSettings.safeParse({ enable_http3: true, body: "a", body_file: "b", proxy_url: "nonsense://" });
  assert.equal(several.error?.issues.length, 3);
});

test("shows no secret when printed", () => {
  const settings = httpSettings.parse({
    basic_auth: { username: "monitor", password: "hunter2" },
    proxy_url: "http://user:hunter2@proxy:3128",
    http_headers: { "X-Key": { secrets: ["hunter2"] } },
  });
  assert.doesNotMatch(JSON.stringify(settings), /hunter2/);
});
