import assert from "node:assert/strict";
import { test } from "node:test";
import { ProbeFailure } from "../../src/outcome/probe-failure.ts";
import { readHostAndPort } from "../../src/probe/host-and-port.ts";

void test("reads names and addresses with their port", () => {
  assert.deepEqual(readHostAndPort("example.com:22"), { host: "example.com", port: 22 });
  assert.deepEqual(readHostAndPort("192.0.2.1:65535"), { host: "192.0.2.1", port: 65_535 });
  assert.deepEqual(readHostAndPort("[2001:db8::1]:1"), { host: "2001:db8::1", port: 1 });
  assert.deepEqual(readHostAndPort("[fe80::1%eth0]:7"), { host: "fe80::1%eth0", port: 7 });
});

void test("takes the default for a port that is left out", () => {
  assert.deepEqual(readHostAndPort("example.com", { defaultPort: 53 }), { host: "example.com", port: 53 });
  assert.deepEqual(readHostAndPort("[2001:db8::1]", { defaultPort: 53 }), { host: "2001:db8::1", port: 53 });
});

const REFUSED: readonly (readonly [target: string, detail: RegExp])[] = [
  ["example.com", /Expected a port after the host/],
  ["example.com:", /Expected a port after the host/],
  [":22", /Expected a host before the port/],
  ["example.com:0", /Expected a port from 1 to 65535, found "0"/],
  ["example.com:70000", /Expected a port from 1 to 65535, found "70000"/],
  ["example.com:-1", /Expected a port from 1 to 65535/],
  ["example.com:22.5", /Expected a port from 1 to 65535/],
  ["example.com: 22", /Expected a port from 1 to 65535/],
  ["example.com:http", /Expected a port from 1 to 65535/],
  ["example.com:22\n", /Expected a port from 1 to 65535/],
  ["2001:db8::1:22", /Expected an IPv6 address in brackets/],
  ["[example.com]:22", /Expected an IPv6 address in the brackets/],
  ["[2001:db8::1]", /Expected a port after the host/],
  ["[2001:db8::1]22", /Expected/],
  ["tcp://example.com:22", /Expected a host and a port without a scheme, found a URL: "tcp:\/\/example.com:22"/],
  ["user@example.com:22", /Expected a name or an address as the host, found "xxxxx@example.com"/],
  ["user:s3cret@example.com:22", /^Expected [^@]*found "xxxxx@example.com:22"$/],
  ["user:s3cret@example.com", /^Expected [^@]*found "xxxxx@example.com"$/],
  ["http://user:s3c/r@et@example.com/", /found a URL: "xxxxx@example.com\/"$/],
  ["a b:22", /Expected a name or an address as the host/],
  ["a".repeat(10_000), /^.{0,200}$/],
];

for (const [target, detail] of REFUSED) {
  void test(`refuses ${JSON.stringify(target.slice(0, 40))}`, () => {
    assert.throws(
      () => readHostAndPort(target),
      (error) =>
        error instanceof ProbeFailure && error.outcome === "request/parameter-missing" && detail.test(error.detail),
    );
  });
}
