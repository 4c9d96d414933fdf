import assert from "node:assert/strict";
import { test } from "node:test";
import { judgePage, readHead, requestText } from "../../../src/probers/tls/page.ts";
import type { PageSettings } from "../../../src/probers/tls/settings.ts";

const SETTINGS: PageSettings = {
  method: "GET",
  path: undefined,
  authorization: undefined,
  statusCodes: [],
  mostRedirects: 10,
};

const ENDPOINT = { host: "2001:db8::1", port: 443, startTls: undefined, path: "/a/b?c" };

test("asks for the page by the name and port of its server", () => {
  assert.match(requestText(SETTINGS, ENDPOINT), /^GET \/a\/b\?c HTTP\/1\.1\r\nHost: \[2001:db8::1\]\r\n.*\r\n\r\n$/s);
  assert.match(requestText(SETTINGS, { ...ENDPOINT, host: "a.example", port: 8443 }), /\r\nHost: a\.example:8443\r\n/);
});

test("reads the head of a response", () => {
  assert.deepEqual(readHead("HTTP/1.1 200 OK", ["Server: a", ""]), { status: 200, location: undefined });
  assert.deepEqual(readHead("HTTP/1.0 301", ["LOCATION:\t/next ", ""]), { status: 301, location: "/next" });
});

test("reads a header full of blanks at once", () => {
  const started = performance.now();
  const { location } = readHead("HTTP/1.1 301 Moved", [`Location: a${" ".repeat(60_000)}b`]);
  assert.equal(location?.length, 60_002);
  assert.ok(performance.now() - started < 500);
});

for (const line of [
  "",
  "HTTP/2 200",
  "HTTP/1.1 2000 OK",
  "HTTP/1.1 20",
  "HTTP/1.1 600 ?",
  "http/1.1 200 OK",
  " HTTP/1.1 200",
]) {
  test(`takes ${JSON.stringify(line)} for no status line`, () => {
    assert.throws(() => readHead(line, []), { outcome: "exchange/malformed" });
  });
}

for (const [location, host, port, path] of [
  ["/next", "2001:db8::1", 443, "/next"],
  ["next", "2001:db8::1", 443, "/a/next"],
  ["//a.example:8443", "a.example", 8443, "/"],
  ["https://a.example/?x#y", "a.example", 443, "/?x"],
] as const) {
  test(`follows ${location}`, () => {
    const next = judgePage({ status: 302, location }, { settings: SETTINGS, endpoint: ENDPOINT });
    assert.ok(next);
    assert.deepEqual({ host: next.host, port: next.port, path: next.path }, { host, port, path });
  });
}

for (const [status, location, outcome] of [
  [302, "http://a.example/", "redirect/unsupported-scheme"],
  [302, "file:/etc/a.pem", "redirect/unsupported-scheme"],
  [302, "javascript:alert(1)", "redirect/unsupported-scheme"],
  [302, "https://", "exchange/malformed"],
  [302, "https://user:password@a.example/", undefined],
  [302, undefined, "content/status-not-allowed"],
  [304, "/", "content/status-not-allowed"],
  [401, undefined, "content/status-not-allowed"],
] as const) {
  test(`judges ${status} that leads to ${location ?? "nowhere"}`, () => {
    const request = { settings: SETTINGS, endpoint: ENDPOINT };
    if (outcome === undefined) assert.equal(judgePage({ status, location }, request)?.host, "a.example");
    else assert.throws(() => judgePage({ status, location }, request), { outcome });
  });
}

test("accepts a redirect that the module expects", () => {
  const settings = { ...SETTINGS, statusCodes: [301] };
  assert.equal(judgePage({ status: 301, location: "/" }, { settings, endpoint: ENDPOINT }), undefined);
  assert.throws(() => judgePage({ status: 200, location: undefined }, { settings, endpoint: ENDPOINT }), {
    outcome: "content/status-not-allowed",
  });
});
