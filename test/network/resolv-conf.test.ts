import assert from "node:assert/strict";
import { test } from "node:test";
import { namesToAsk, parseResolvConf } from "../../src/network/resolv-conf.ts";

const HOST = { hostname: "box" };

test("has libc's defaults where the file says nothing", () => {
  assert.deepEqual(parseResolvConf("", HOST), {
    servers: ["127.0.0.1"],
    search: [],
    ndots: 1,
    timeoutSeconds: 2,
    attempts: 3,
  });
});

test("reads servers, at most three, and passes over what is no address", () => {
  const text =
    "nameserver 10.0.0.1\nnameserver nonsense\n nameserver ::1 # last\nnameserver 10.0.0.3\nnameserver 10.0.0.4\n";
  assert.deepEqual(parseResolvConf(text, HOST).servers, ["10.0.0.1", "::1", "10.0.0.3"]);
});

test("takes ports and zones with a server", () => {
  const text = "nameserver 127.0.0.1:5353\nnameserver [::1]:5353\nnameserver fe80::1%eth0";
  assert.deepEqual(parseResolvConf(text, HOST).servers, ["127.0.0.1:5353", "[::1]:5353", "fe80::1%eth0"]);
});

test("takes the last search list, without the dots at its ends", () => {
  const text = "domain first.example\nsearch a.example. .b.example\n";
  assert.deepEqual(parseResolvConf(text, HOST).search, ["a.example", "b.example"]);
});

test("counts `domain` as a search list of one, and `search .` as an empty one", () => {
  assert.deepEqual(parseResolvConf("search a.example\ndomain b.example", HOST).search, ["b.example"]);
  assert.deepEqual(parseResolvConf("search .", { hostname: "box.corp.example" }).search, []);
});

test("searches this host's domain where the file names none", () => {
  assert.deepEqual(parseResolvConf("", { hostname: "box.corp.example" }).search, ["corp.example"]);
});

test("reads the options, the last one of a kind counts", () => {
  const settings = parseResolvConf("options ndots:5 timeout:1 rotate\noptions attempts:4 ndots:2", HOST);
  assert.deepEqual([settings.ndots, settings.timeoutSeconds, settings.attempts], [2, 1, 4]);
});

test("holds the options within libc's limits and passes over nonsense", () => {
  const settings = parseResolvConf("options ndots:99 timeout:0 attempts:many", HOST);
  assert.deepEqual([settings.ndots, settings.timeoutSeconds, settings.attempts], [15, 1, 3]);
});

test("passes over comments", () => {
  assert.deepEqual(parseResolvConf("# nameserver 10.0.0.1\n;search a.example", HOST), parseResolvConf("", HOST));
});

const SEARCH = { search: ["a.example", "b.example"], ndots: 2 };

test("completes a name with few dots before asking for it as it is", () => {
  assert.deepEqual(namesToAsk("web.shop", SEARCH), ["web.shop.a.example", "web.shop.b.example", "web.shop"]);
});

test("asks for a name with enough dots as it is before completing it", () => {
  assert.deepEqual(namesToAsk("www.web.shop", SEARCH), [
    "www.web.shop",
    "www.web.shop.a.example",
    "www.web.shop.b.example",
  ]);
});

test("does not complete a name with a closing dot", () => {
  assert.deepEqual(namesToAsk("web.", SEARCH), ["web"]);
});

test("leaves out completions beyond 253 characters", () => {
  const long = `${"x".repeat(60)}.`.repeat(4).slice(0, -1);
  assert.deepEqual(
    namesToAsk(long, SEARCH),
    [long, `${long}.a.example`, `${long}.b.example`].filter((n) => n.length <= 253),
  );
  assert.deepEqual(namesToAsk(`${long}.${"y".repeat(5)}`, SEARCH).length, 1);
});
