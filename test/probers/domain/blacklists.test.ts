import assert from "node:assert/strict";
import { test } from "node:test";
import { readListing, SHIPPED_BLACKLISTS } from "../../../src/probers/domain/blacklists.ts";

for (const [list, addresses, expected] of [
  ["spamhaus-dbl", [], "clean"],
  ["spamhaus-dbl", ["127.0.1.2"], "listed: spam or bad reputation"],
  ["spamhaus-dbl", ["127.0.1.104"], "listed: abused, for phishing"],
  ["spamhaus-dbl", ["127.0.1.255"], "unavailable"],
  ["spamhaus-dbl", ["127.255.255.252"], "unavailable"],
  ["spamhaus-dbl", ["127.255.255.254"], "unavailable"],
  ["spamhaus-dbl", ["127.255.255.255"], "unavailable"],
  ["spamhaus-dbl", ["192.0.2.1"], "unavailable"],
  ["surbl", ["127.0.0.80"], "listed: malware, abuse"],
  ["surbl", ["127.0.0.1"], "unavailable"],
  ["uribl", ["127.0.0.2"], "listed: spam"],
  ["uribl", ["127.0.0.14"], "listed: spam"],
  ["uribl", ["127.0.0.4"], "clean"],
  ["uribl", ["127.0.0.1"], "unavailable"],
  ["uribl", ["127.0.0.255"], "unavailable"],
] as const) {
  void test(`${list} that answers ${addresses.join(", ") || "nothing"} means ${expected}`, () => {
    const blacklist = SHIPPED_BLACKLISTS[list];
    assert.ok(blacklist);

    const listing = readListing(addresses, blacklist);

    assert.equal(listing.kind === "listed" ? `listed: ${listing.meaning}` : listing.kind, expected);
  });
}
