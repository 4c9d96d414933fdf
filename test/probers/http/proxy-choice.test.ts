import assert from "node:assert/strict";
import { test } from "node:test";
import { proxyChoice } from "../../../src/probers/http/proxy-choice.ts";
import type { ProxyServer } from "../../../src/settings/proxy-server.ts";

const SERVER: ProxyServer = { scheme: "http", host: "proxy", port: 3128, username: undefined, password: undefined };

test("serves every host where there are no exceptions, loopback too", () => {
  const choose = proxyChoice({ http: SERVER, https: SERVER, noProxy: undefined });
  for (const url of ["http://localhost/", "https://127.0.0.1/", "http://example.com/"]) {
    assert.equal(choose(new URL(url)), SERVER);
  }
});

test("knows a server for each scheme, or none", () => {
  const choose = proxyChoice({ http: SERVER, https: undefined, noProxy: "" });
  assert.equal(choose(new URL("http://example.com/")), SERVER);
  assert.equal(choose(new URL("https://example.com/")), undefined);
  assert.equal(proxyChoice(undefined)(new URL("http://example.com/")), undefined);
});

test("leaves out loopback wherever exceptions are in force", () => {
  const choose = proxyChoice({ http: SERVER, https: SERVER, noProxy: "" });
  for (const host of ["localhost", "127.0.0.1", "127.8.8.8", "[::1]"]) {
    assert.equal(choose(new URL(`http://${host}/`)), undefined, host);
  }
});

test("reads NO_PROXY: names, subdomains, addresses, prefixes, ports and everything", () => {
  const cases: readonly (readonly [noProxy: string, direct: readonly string[], proxied: readonly string[]])[] = [
    ["example.com", ["example.com", "www.example.com", "EXAMPLE.com:8080"], ["notexample.com", "example.org"]],
    [".example.com", ["www.example.com"], ["example.com"]],
    ["*.example.com", ["www.example.com"], ["example.com"]],
    ["example.com:8080", ["example.com:8080"], ["example.com", "example.com:81"]],
    ["example.com:80", ["example.com"], ["example.com:81"]],
    ["192.0.2.1", ["192.0.2.1"], ["192.0.2.2", "192.0.2.10"]],
    ["192.0.2.1:80", ["192.0.2.1"], ["192.0.2.1:81"]],
    ["192.0.2.0/24", ["192.0.2.77"], ["192.0.3.1", "example.com"]],
    ["2001:db8::1", ["[2001:db8::1]"], ["[2001:db8::2]"]],
    ["[2001:db8::1]:80", ["[2001:db8::1]"], ["[2001:db8::1]:81"]],
    ["2001:db8::/32", ["[2001:db8:1::1]"], ["[2001:db9::1]"]],
    [" a.example , ,b.example", ["a.example", "b.example"], ["c.example"]],
    ["*", ["example.com", "192.0.2.1"], []],
    ["", [], ["example.com"]],
  ];
  for (const [noProxy, direct, proxied] of cases) {
    const choose = proxyChoice({ http: SERVER, https: SERVER, noProxy });
    for (const host of direct) assert.equal(choose(new URL(`http://${host}/`)), undefined, `${noProxy} ${host}`);
    for (const host of proxied) assert.equal(choose(new URL(`http://${host}/`)), SERVER, `${noProxy} ${host}`);
  }
});
