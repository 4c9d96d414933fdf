import assert from "node:assert/strict";
import { test } from "node:test";
import { startStreamServer } from "../../faults/servers/stream-server.ts";
import { createAuthority } from "../../support/certificates.ts";
import { eventually } from "../../support/eventually.ts";
import { measured, probeHttp } from "./probe-http.ts";
import { startHttpProxy, startSocksProxy } from "./proxy-server.ts";
import { startWebServer } from "./web-server.ts";

test("names the whole URL to an HTTP proxy, with the address that was resolved, and logs in to it", async () => {
  await using server = await startWebServer({ body: "hello" });
  await using proxy = await startHttpProxy({ origin: server });
  const report = await probeHttp(`http://localhost:${server.port}/path?query`, {
    proxy_url: `http://user:hunter2%21@127.0.0.1:${proxy.port}`,
  });
  assert.deepEqual([report.outcome, report.detail], ["success", ""]);
  const [request] = proxy.asked;
  assert.match(
    request ?? "",
    new RegExp(
      `^GET http://127\\.0\\.0\\.1:${server.port}/path\\?query HTTP/1\\.1\r\nhost: localhost:${server.port}\r\n`,
    ),
  );
  assert.ok(request?.includes(`proxy-authorization: Basic ${btoa("user:hunter2!")}`));
  assert.equal(measured(report, "probe_ip_protocol"), 4);
  assert.doesNotMatch(JSON.stringify(report), /hunter2/);
  await eventually(() => assert.equal(proxy.connections(), 0));
});

test("lets the proxy resolve the name where the module says so, and then measures no resolution", async () => {
  await using server = await startWebServer({});
  await using proxy = await startHttpProxy({ origin: server });
  const report = await probeHttp("http://no-such-name.invalid/", {
    proxy_url: `http://127.0.0.1:${proxy.port}`,
    skip_resolve_phase_with_proxy: true,
  });
  assert.equal(report.outcome, "success");
  assert.match(proxy.asked[0] ?? "", /^GET http:\/\/no-such-name\.invalid\/ HTTP/);
  assert.equal(measured(report, "probe_ip_protocol"), undefined);
  const direct = await probeHttp("http://no-such-name.invalid/", { skip_resolve_phase_with_proxy: true });
  assert.equal(direct.outcome, "resolve/name-not-found");
});

test("reaches HTTPS through a tunnel, with the headers for the proxy alone", async () => {
  const authority = await createAuthority();
  const { key, chain } = await authority.issue();
  await using server = await startWebServer({ body: "hello" }, { key, cert: chain, http2: true });
  await using proxy = await startHttpProxy();
  const report = await probeHttp(`https://localhost:${server.port}/`, {
    proxy_url: `http://user:hunter2@127.0.0.1:${proxy.port}`,
    proxy_connect_header: { "X-Proxy-Key": ["hunter3"] },
    tls_config: { ca: authority.certificate },
    valid_http_versions: ["HTTP/2.0"],
    required_words: ["hello"],
  });
  assert.deepEqual([report.outcome, report.detail], ["success", ""]);
  const [request] = proxy.asked;
  assert.match(request ?? "", new RegExp(`^CONNECT 127\\.0\\.0\\.1:${server.port} HTTP/1\\.1\r\n`));
  assert.ok(request?.includes("X-Proxy-Key: hunter3"));
  assert.ok(request?.includes(`Proxy-Authorization: Basic ${btoa("user:hunter2")}`));
  assert.doesNotMatch(JSON.stringify([report, server.received]), /hunter/);
  await eventually(() => assert.equal(server.connections() + proxy.connections(), 0));
});

test("speaks TLS to an https proxy, whose certificate is verified but not measured", async () => {
  const authority = await createAuthority();
  const { key, chain } = await authority.issue();
  await using server = await startWebServer({});
  await using proxy = await startHttpProxy({ origin: server }, { key, cert: chain });
  const proxy_url = `https://localhost:${proxy.port}`;
  const report = await probeHttp(server.url, { proxy_url, tls_config: { ca: authority.certificate } });
  assert.deepEqual([report.outcome, report.detail], ["success", ""]);
  assert.equal(measured(report, "probe_ssl_earliest_cert_expiry"), undefined);
  assert.equal(measured(report, "probe_http_ssl"), 0);
  assert.equal((await probeHttp(server.url, { proxy_url })).outcome, "tls/unknown-authority");
});

test("reaches plain and secure targets through SOCKS5, with and without a password", async () => {
  const authority = await createAuthority();
  const { key, chain } = await authority.issue();
  await using plain = await startWebServer({});
  await using secure = await startWebServer({}, { key, cert: chain });
  await using open = await startSocksProxy();
  await using closed = await startSocksProxy({ password: "hunter2" });
  const tls_config = { ca: authority.certificate };
  const urls = [`socks5://127.0.0.1:${open.port}`, `socks5h://user:hunter2@127.0.0.1:${closed.port}`];
  for (const proxy_url of urls) {
    for (const target of [plain.url, secure.url]) {
      const report = await probeHttp(target, { proxy_url, tls_config });
      assert.deepEqual([report.outcome, report.detail], ["success", ""]);
    }
  }
  assert.deepEqual(open.asked, [`127.0.0.1:${plain.port}`, `127.0.0.1:${secure.port}`]);
  const named = await probeHttp(`http://localhost:${plain.port}/`, {
    proxy_url: urls[0],
    skip_resolve_phase_with_proxy: true,
  });
  assert.equal(named.outcome, "success");
  assert.equal(open.asked.at(-1), `localhost:${plain.port}`);
});

test("says what a proxy did instead", async () => {
  const secure = "https://127.0.0.1:9/";
  const cases = [
    ["HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "login/rejected", /407/],
    [
      "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 5\r\n\r\nsorry",
      "connect/unreachable",
      /502 Bad Gateway to CONNECT 127\.0\.0\.1:9/,
    ],
    ["SSH-2.0-OpenSSH\r\n", "exchange/malformed", /SSH-2\.0/],
    ["", "connect/unreachable", /closed the connection/],
    [`HTTP/1.1 200 OK\r\nX: ${"a".repeat(20_000)}`, "exchange/malformed", /no HTTP/],
  ] as const;
  for (const [refuse, outcome, detail] of cases) {
    await using proxy = await startHttpProxy({ refuse });
    const report = await probeHttp(secure, { proxy_url: `http://127.0.0.1:${proxy.port}` });
    assert.equal(report.outcome, outcome, report.detail);
    assert.match(report.detail, detail);
    await eventually(() => assert.equal(proxy.connections(), 0));
  }
});

test("says what a SOCKS proxy did instead", async () => {
  const cases = [
    [{ reply: 5 }, "", "connect/refused", /connection refused/],
    [{ reply: 4 }, "", "connect/unreachable", /host unreachable/],
    [{ reply: 99 }, "", "connect/unreachable", /reply 99/],
    [{ password: "hunter2" }, "", "login/rejected", /not configured/],
    [{ password: "hunter2" }, "user:wrong@", "login/rejected", /refused the credentials/],
  ] as const;
  for (const [options, userinfo, outcome, detail] of cases) {
    await using proxy = await startSocksProxy(options);
    const report = await probeHttp("http://127.0.0.1:9/", { proxy_url: `socks5://${userinfo}127.0.0.1:${proxy.port}` });
    assert.equal(report.outcome, outcome, report.detail);
    assert.match(report.detail, detail);
  }
  await using web = await startWebServer({});
  const odd = await probeHttp("http://127.0.0.1:9/", { proxy_url: `socks5://127.0.0.1:${web.port}` });
  assert.equal(odd.outcome, "exchange/malformed");
});

test("ends at the deadline where a proxy stays silent, and says so where none listens", async () => {
  await using silent = await startStreamServer(() => undefined);
  for (const scheme of ["http", "socks5"]) {
    const report = await probeHttp(
      "https://127.0.0.1:9/",
      { proxy_url: `${scheme}://${silent.host}:${silent.port}` },
      { timeoutSeconds: 0.3 },
    );
    assert.equal(report.outcome, "connect/timeout");
    await eventually(() => assert.equal(silent.connections(), 0));
  }
  const nobody = await probeHttp("http://127.0.0.1:9/", { proxy_url: "http://127.0.0.1:1" });
  assert.equal(nobody.outcome, "connect/refused");
});

test("goes past the proxy where no_proxy says so", async () => {
  await using server = await startWebServer({});
  const report = await probeHttp(server.url, { proxy_url: "http://127.0.0.1:1", no_proxy: "example.com" });
  assert.equal(report.outcome, "success");
});

test("gives the proxy a vetted address where a policy is set, whatever the module says of resolving", async () => {
  await using proxy = await startHttpProxy({ refuse: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" });
  const block = { proxy_url: `http://127.0.0.1:${proxy.port}`, skip_resolve_phase_with_proxy: true };
  const inside = await probeHttp("http://localhost/", block, { internalAddresses: "forbid" });
  assert.equal(inside.outcome, "policy/internal-address");
  const outside = await probeHttp("http://192.88.98.1/", block, { internalAddresses: "forbid" });
  assert.equal(outside.outcome, "success");
  assert.match(proxy.asked[0] ?? "", /^GET http:\/\/192\.88\.98\.1\/ /);
});
