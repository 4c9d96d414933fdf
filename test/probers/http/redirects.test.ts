import assert from "node:assert/strict";
import { test } from "node:test";
import { createAuthority } from "../../support/certificates.ts";
import { measured, probeHttp } from "./probe-http.ts";
import { type Answer, type Received, startWebServer } from "./web-server.ts";

/** `/302/to/path` answers 302 to `/path`; anything else is a page. */
function redirector({ url }: Received): Answer {
  const [, status, target] = /^\/(3\d\d)\/to(.*)$/u.exec(url) ?? [];
  return status === undefined ? { body: "page" } : { status: Number(status), headers: { location: target ?? "" } };
}

test("follows redirects, sums up its phases and measures only the last response", async () => {
  await using server = await startWebServer(redirector);
  const report = await probeHttp(`${server.url}/301/to/302/to/end`);
  assert.equal(report.outcome, "success");
  assert.deepEqual(
    server.received.map(({ url }) => url),
    ["/301/to/302/to/end", "/302/to/end", "/end"],
  );
  assert.equal(measured(report, "probe_http_redirects"), 2);
  assert.equal(measured(report, "probe_http_status_code"), 200);
  assert.equal(measured(report, "probe_http_uncompressed_body_length"), 4);
});

test("repeats the request after 307 and 308, and asks anew after the others", async () => {
  await using server = await startWebServer(redirector);
  const block = { method: "POST", body: "data", headers: { "Content-Type": "text/plain", "X-Own": "1" } };
  for (const status of [301, 302, 303, 307, 308]) await probeHttp(`${server.url}/${status}/to/end`, block);
  const seconds = server.received.filter(({ url }) => url === "/end");
  assert.deepEqual(
    seconds.map(({ method, body }) => `${method} ${body}`),
    ["GET ", "GET ", "GET ", "POST data", "POST data"],
  );
  assert.deepEqual(
    seconds.map(({ headers }) => [headers["content-type"], headers["x-own"]]),
    [...Array.from({ length: 3 }, () => [undefined, "1"]), ...Array.from({ length: 2 }, () => ["text/plain", "1"])],
  );
  await probeHttp(`${server.url}/302/to/end`, { method: "HEAD" });
  assert.equal(server.received.at(-1)?.method, "HEAD");
});

test("takes a redirect without Location and a 304 for final", async () => {
  await using server = await startWebServer(({ url }) => ({ status: Number(url.slice(1)) }));
  for (const status of [300, 302, 304]) {
    const report = await probeHttp(`${server.url}/${status}`, { valid_status_codes: [status] });
    assert.equal(report.outcome, "success");
    assert.equal(measured(report, "probe_http_redirects"), 0);
  }
});

test("reads the body of a redirect that it does not follow", async () => {
  await using server = await startWebServer({ status: 302, headers: { location: "/end" }, body: "moved" });
  for (const block of [{ follow_redirects: false }, { no_follow_redirects: true, follow_redirects: true }]) {
    const report = await probeHttp(server.url, {
      ...block,
      valid_status_codes: [302],
      fail_if_body_not_matches_regexp: ["moved"],
    });
    assert.deepEqual([report.outcome, report.detail], ["success", ""]);
    assert.equal(measured(report, "probe_http_redirects"), 1);
    assert.equal(measured(report, "probe_http_uncompressed_body_length"), 5);
  }
});

test("minds no Location that it does not follow", async () => {
  await using server = await startWebServer({ status: 302, headers: { location: "app://open" } });
  const report = await probeHttp(server.url, { follow_redirects: false, valid_status_codes: [302] });
  assert.deepEqual([report.outcome, report.detail], ["success", ""]);
});

test("gives up after ten redirects, or as many as the module says", async () => {
  await using server = await startWebServer({ status: 302, headers: { location: "/again" } });
  const report = await probeHttp(server.url);
  assert.equal(report.outcome, "redirect/too-many");
  assert.equal(report.httpStatus, 302);
  assert.match(report.detail, /More than 10 redirects/);
  assert.equal(server.received.length, 11);
  assert.equal(measured(report, "probe_http_redirects"), 11);
  assert.equal(measured(report, "probe_http_status_code"), 302);
  assert.equal((await probeHttp(server.url, { max_redirects: 0 })).outcome, "redirect/too-many");
  assert.equal(server.received.length, 12);
});

test("says where it cannot follow", async () => {
  const cases = [
    ["ftp://127.0.0.1/", "redirect/unsupported-scheme", /"ftp"/],
    ["javascript:alert(1)", "redirect/unsupported-scheme", /"javascript"/],
    ["http://a:b:c/", "exchange/malformed", /no URL/],
    ["http://user:hunter2@[/", "exchange/malformed", /no URL/],
    ["http://127.0.0.1:0/", "exchange/malformed", /usable host or port/],
  ] as const;
  for (const [location, outcome, detail] of cases) {
    await using server = await startWebServer({ status: 302, headers: { location } });
    const report = await probeHttp(server.url);
    assert.equal(report.outcome, outcome);
    assert.match(report.detail, detail);
    assert.doesNotMatch(JSON.stringify(report), /hunter2/);
    assert.equal(measured(report, "probe_http_status_code"), 0);
  }
});

test("keeps credentials on an absolute redirect to the same host, under any port", async () => {
  await using second = await startWebServer({});
  await using first = await startWebServer({ status: 302, headers: { location: `${second.url}/end` } });
  await probeHttp(first.url, {
    basic_auth: { username: "monitor", password: "hunter2" },
    headers: { Cookie: "own=1" },
    http_headers: { "X-Key": { values: ["public"], secrets: ["hunter2"] } },
  });
  for (const server of [first, second]) {
    assert.equal(server.received[0]?.headers["authorization"], `Basic ${btoa("monitor:hunter2")}`);
    assert.equal(server.received[0]?.headers["cookie"], "own=1");
    assert.equal(server.received[0]?.headers["x-key"], "public, hunter2");
  }
});

test("takes no secret to another host, and says so when that host wants one", async () => {
  await using second = await startWebServer({ status: 401 });
  const elsewhere = second.url.replace("127.0.0.1", "localhost");
  await using first = await startWebServer({ status: 302, headers: { location: `${elsewhere}/end` } });
  const report = await probeHttp(first.url, {
    headers: { Authorization: "Bearer hunter2", Cookie: "own=hunter2", Host: "shop.example", "X-Other": "1" },
    http_headers: { "X-Key": { values: ["public"], secrets: ["hunter2"] } },
  });
  const headers = second.received[0]?.headers;
  assert.doesNotMatch(JSON.stringify(headers), /hunter2/);
  assert.equal(headers?.["host"], new URL(elsewhere).host);
  assert.equal(headers?.["x-other"], "1");
  assert.equal(headers?.["x-key"], "public");
  assert.equal(report.outcome, "login/rejected");
  assert.match(report.detail, /not sent/);
});

test("takes no secret from TLS to plain text", async () => {
  const authority = await createAuthority();
  const { key, chain } = await authority.issue();
  await using plain = await startWebServer({});
  await using secure = await startWebServer({ status: 302, headers: { location: plain.url } }, { key, cert: chain });
  await probeHttp(secure.url, {
    tls_config: { ca: authority.certificate },
    authorization: { credentials: "hunter2" },
  });
  assert.equal(secure.received[0]?.headers["authorization"], "Bearer hunter2");
  assert.equal(plain.received[0]?.headers["authorization"], undefined);
});

test("keeps cookies for the hops of a probe, and forgets them after it", async () => {
  await using server = await startWebServer(({ url }) =>
    url === "/"
      ? {
          status: 302,
          headers: { location: "/in", "set-cookie": ["session=1; Path=/; HttpOnly", "other=2; Path=/elsewhere"] },
        }
      : {},
  );
  await probeHttp(server.url, { headers: { Cookie: "own=1" } });
  await probeHttp(server.url);
  assert.deepEqual(
    server.received.map(({ headers }) => headers["cookie"]),
    ["own=1", "own=1; session=1", undefined, "session=1"],
  );
});

test("vets the address of every hop", async () => {
  await using server = await startWebServer({ status: 302, headers: { location: "http://10.255.255.1/" } });
  const report = await probeHttp(server.url, {}, { internalAddresses: "forbid" });
  assert.equal(report.outcome, "policy/internal-address");
});

test("keeps the number of redirects when a later hop fails, and nothing of the earlier responses", async () => {
  const authority = await createAuthority();
  const { key, chain } = await authority.issue();
  await using secure = await startWebServer(
    { status: 302, headers: { location: "http://127.0.0.1:1/" } },
    { key, cert: chain },
  );
  const report = await probeHttp(secure.url, { tls_config: { ca: authority.certificate } });
  assert.equal(report.outcome, "connect/refused");
  assert.equal(report.httpStatus, undefined);
  assert.equal(measured(report, "probe_http_redirects"), 1);
  assert.equal(measured(report, "probe_http_status_code"), 0);
  assert.equal(measured(report, "probe_ssl_earliest_cert_expiry"), undefined);
});
