import assert from "node:assert/strict";
import { test } from "node:test";
import { readHost } from "../../../src/probers/icmp/target.ts";

test("takes a name or an address, in brackets or not", () => {
  const hosts = [
    ["example.com", "example.com"],
    ["a_host.example.", "a_host.example."],
    ["192.0.2.1", "192.0.2.1"],
    ["2001:db8::1", "2001:db8::1"],
    ["[2001:db8::1]", "2001:db8::1"],
    ["fe80::1%eth0", "fe80::1%eth0"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["[::FFFF:c000:201]", "192.0.2.1"],
    ["bücher.example", "bücher.example"],
  ] as const;
  for (const [target, host] of hosts) assert.equal(readHost(target), host);
});

test("refuses what has a port, a path or more than a host, and says which", () => {
  const refused = [
    ["example.com:80", /found a port, which ICMP does not have: "example\.com:80"/u],
    ["192.0.2.1:80", /a port/u],
    ["[2001:db8::1]:80", /a port/u],
    ["https://example.com/", /found a URL/u],
    ["example.com/", /something else/u],
    ["user@example.com", /something else/u],
    ["user:s3cret@example.com", /something else: "xxxxx@example\.com"$/u],
    ["http://user:s3cret@example.com/", /found a URL: "xxxxx@example\.com\/"$/u],
    ["example.com example.org", /something else/u],
    ["2001:db8::1::", /something else/u],
    ["[]", /something else/u],
    ["[", /something else/u],
    ["host\0", /something else/u],
  ] as const;
  for (const [target, detail] of refused) {
    assert.throws(() => readHost(target), { outcome: "request/parameter-missing", message: detail }, target);
  }
});
