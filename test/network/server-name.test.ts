import assert from "node:assert/strict";
import { test } from "node:test";
import { isFor, parseServerName } from "../../src/network/server-name.ts";

const CASES = [
  { names: ["example.com"], host: "example.com", matches: true },
  { names: ["example.com"], host: "EXAMPLE.com.", matches: true },
  { names: ["Example.COM"], host: "example.com", matches: true },
  { names: ["example.com"], host: "www.example.com", matches: false },
  { names: ["*.example.com"], host: "www.example.com", matches: true },
  { names: ["*.example.com"], host: "example.com", matches: false },
  { names: ["*.example.com"], host: ".example.com", matches: false },
  { names: ["*.example.com"], host: "a.b.example.com", matches: false },
  { names: ["w*.example.com"], host: "www.example.com", matches: false },
  { names: ["www.*.com"], host: "www.example.com", matches: false },
  { names: ["*"], host: "localhost", matches: false },
  { names: ["a_b.example.com"], host: "a_b.example.com", matches: true },
  { names: ["xn--bcher-kva.example"], host: "bücher.example", matches: true },
  { names: ["other.example", "example.com"], host: "example.com", matches: true },
  { names: ["192.0.2.1"], host: "192.0.2.1", matches: false },
  { names: [""], host: "", matches: false },
  { addresses: ["192.0.2.1"], host: "192.0.2.1", matches: true },
  { addresses: ["192.0.2.1"], host: "::ffff:192.0.2.1", matches: true },
  { addresses: ["192.0.2.1"], host: "192.0.2.2", matches: false },
  { addresses: ["2001:db8::1"], host: "[2001:DB8:0:0::1]", matches: true },
  { addresses: ["fe80::1"], host: "fe80::1%eth0", matches: true },
] as const;

for (const { host, matches, ...certificate } of CASES) {
  const { names: dnsNames = [], addresses = [] } = { names: undefined, addresses: undefined, ...certificate };
  test(`${matches ? "takes" : "does not take"} a certificate for ${[...dnsNames, ...addresses].join()} as one for ${host}`, () => {
    assert.equal(isFor({ dnsNames, addresses }, parseServerName(host)), matches);
  });
}
