import assert from "node:assert/strict";
import { test } from "node:test";
import { ProbeFailure } from "../../../src/outcome/probe-failure.ts";
import { readTarget, redirectedTo } from "../../../src/probers/websocket/target.ts";

for (const target of [
  "ws://h",
  "WSS://h:1/path?query=1",
  "ws://[::1]:8080/",
  "ws://user:p%40ss@h/a",
  "wss://bücher.example",
]) {
  void test(`accepts ${target}`, () => {
    assert.equal(readTarget(target).href, new URL(target).href);
  });
}

for (const [target, outcome, detail] of [
  ["example.com/chat", "request/parameter-missing", /no scheme/],
  ["127.0.0.1:8080", "request/parameter-missing", /no scheme/],
  ["http://h/", "request/unsupported-scheme", /ws or wss, found "http"/],
  ["ftp://h/", "request/unsupported-scheme", /found "ftp"/],
  ["ws://", "request/parameter-missing", /no host/],
  ["ws:///path", "request/parameter-missing", /no host/],
  ["ws://user@:80/", "request/parameter-missing", /no host/],
  ["ws://h:0/", "request/parameter-missing", /from 1 to 65535, found "0"/],
  ["ws://h:70000/", "request/parameter-missing", /from 1 to 65535, found "70000"/],
  ["ws://h:chat/", "request/parameter-missing", /from 1 to 65535, found "chat"/],
  ["ws://h/a b", "request/parameter-missing", /a blank/],
  ["ws://h/a\nb", "request/parameter-missing", /a blank/],
  ["ws://h/#top", "request/parameter-missing", /no fragment/],
  ["ws://[::1/", "request/parameter-missing", /no (?:URL|host)/],
  ["ws://2001:db8::1/", "request/parameter-missing", /found "db8::1"/],
  ["ws://a%00b/", "request/parameter-missing", /is no host/],
] as const) {
  void test(`reports ${outcome} for ${JSON.stringify(target)}`, () => {
    assert.throws(
      () => readTarget(target),
      (error) => error instanceof ProbeFailure && error.outcome === outcome && detail.test(error.detail),
    );
  });
}

void test("does not show a password in what it says of a target", () => {
  assert.throws(
    () => readTarget("ws://user:s3cret@h:70000/"),
    (error) => error instanceof ProbeFailure && !error.detail.includes("s3cret"),
  );
});

for (const [location, to] of [
  ["/elsewhere?a=1", "wss://h:1/elsewhere?a=1"],
  ["chat", "wss://h:1/a/chat"],
  ["//other/", "wss://other/"],
  ["http://other/#top", "ws://other/"],
  ["https://other/", "wss://other/"],
  ["ws://other/", "ws://other/"],
] as const) {
  void test(`is redirected by ${location} to ${to}`, () => {
    assert.equal(redirectedTo(location, new URL("wss://h:1/a/b")).href, to);
  });
}

for (const location of ["ftp://other/", "http://", "http://a:b", "http://other:0/", "mailto:a@b"]) {
  void test(`is not redirected by ${location}`, () => {
    assert.throws(
      () => redirectedTo(location, new URL("ws://h/")),
      (error) => error instanceof ProbeFailure && error.outcome === "upgrade/malformed",
    );
  });
}
