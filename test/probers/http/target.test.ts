import assert from "node:assert/strict";
import { test } from "node:test";
import { ProbeFailure } from "../../../src/outcome/probe-failure.ts";
import { parseTarget } from "../../../src/probers/http/target.ts";

test("reads a URL and gives a bare host the scheme http", () => {
  assert.equal(parseTarget("https://example.com/a?b=c").href, "https://example.com/a?b=c");
  assert.equal(parseTarget("example.com:8080/health").href, "http://example.com:8080/health");
  assert.equal(parseTarget("HTTP://EXAMPLE.com").href, "http://example.com/");
  assert.equal(parseTarget("[::1]:9115").hostname, "[::1]");
  assert.equal(parseTarget("localhost").host, "localhost");
});

test("decodes a second time only what does not parse", () => {
  assert.equal(parseTarget("http://example.com%3A8080").host, "example.com:8080");
  assert.equal(parseTarget("http%3A%2F%2Fexample.com%2Fa").href, "http://example.com/a");
  assert.equal(parseTarget("http://example.com/?q=a%2Bb").search, "?q=a%2Bb");
});

test("says what is wrong with a target", () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ["ftp://example.com", "request/unsupported-scheme", /"ftp"/],
    ["http://", "request/parameter-missing", /no host/],
    ["http:///path", "request/parameter-missing", /no host/],
    ["https://:443/", "request/parameter-missing", /no host/],
    ["?", "request/parameter-missing", /no host/],
    ["http://example.com:99999/", "request/parameter-missing", /99999 is out of range/],
    ["http://example.com:0/", "request/parameter-missing", /0 is out of range/],
    ["http://example.com:port/", "request/parameter-missing", /"example.com:port" is no host with a port/],
    ["http://[::1/", "request/parameter-missing", /is no host/],
    ["http://exa mple.com/", "request/parameter-missing", /blank/],
    ["http://example.com/a\r\nX: y", "request/parameter-missing", /blank or a control/],
    ["http://a<b/", "request/parameter-missing", /"a<b" is no host/],
    ["http://%zz/", "request/parameter-missing", /no URL/],
  ];
  for (const [target, outcome, detail] of cases) {
    const thrown = failureOf(target);
    assert.equal(thrown.outcome, outcome, target);
    assert.match(thrown.detail, detail, target);
  }
});

test("never shows the userinfo of a target that does not parse", () => {
  assert.doesNotMatch(failureOf("http://user:hunter2@exa<mple/").detail, /hunter2/);
});

function failureOf(target: string): ProbeFailure {
  try {
    parseTarget(target);
  } catch (error) {
    if (error instanceof ProbeFailure) return error;
    throw error;
  }
  return assert.fail(`${target} was accepted`);
}
