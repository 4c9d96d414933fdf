import assert from "node:assert/strict";
import { test } from "node:test";
import { parseHostsFile } from "../../src/network/hosts-file.ts";

test("reads addresses with one or several names", () => {
  const hosts = parseHostsFile("127.0.0.1 localhost\n10.0.0.1\tshop.example  shop\n");
  assert.deepEqual(hosts.get("localhost"), [{ ip: "127.0.0.1", family: 4 }]);
  assert.deepEqual(hosts.get("shop"), [{ ip: "10.0.0.1", family: 4 }]);
  assert.deepEqual(hosts.get("shop.example"), hosts.get("shop"));
});

test("collects the addresses of a name over several lines, each once", () => {
  const hosts = parseHostsFile("127.0.0.1 here\n::1 here\n127.0.0.1 here again\n");
  assert.deepEqual(hosts.get("here"), [
    { ip: "127.0.0.1", family: 4 },
    { ip: "::1", family: 6 },
  ]);
});

test("compares names in lower case and without a closing dot", () => {
  assert.equal(parseHostsFile("10.0.0.1 Shop.Example.").has("shop.example"), true);
});

test("passes over comments, empty lines and lines without an address", () => {
  const hosts = parseHostsFile("# 10.0.0.1 commented\n\n10.0.0.2 real # trailing\nnonsense name\n10.0.0.3\r\n");
  assert.deepEqual([...hosts.keys()], ["real"]);
});

test("keeps the zone of a link-local address", () => {
  assert.deepEqual(parseHostsFile("fe80::1%lo router").get("router"), [{ ip: "fe80::1%lo", family: 6 }]);
});
