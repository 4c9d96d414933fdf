import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { addressFamilyShape, readAddressFamily } from "../../src/settings/address-family.ts";

const block = z.strictObject(addressFamilyShape).transform(readAddressFamily);

void test("prefers IPv6 and falls back unless told otherwise", () => {
  assert.deepEqual(block.parse({}), { preferred: 6, fallback: true, sourceAddress: undefined });
  assert.equal(block.parse({ preferred_ip_protocol: "" }).preferred, 6);
  assert.equal(block.parse({ preferred_ip_protocol: "ip6" }).preferred, 6);
  assert.deepEqual(
    block.parse({ preferred_ip_protocol: "ip4", ip_protocol_fallback: "no", source_ip_address: "::1" }),
    {
      preferred: 4,
      fallback: false,
      sourceAddress: "::1",
    },
  );
});

void test("reads any other name as IPv4, as blackbox_exporter does", () => {
  assert.equal(block.parse({ preferred_ip_protocol: "ipv6" }).preferred, 4);
});

void test("refuses a source address that is none", () => {
  assert.equal(block.safeParse({ source_ip_address: "eth0" }).error?.issues[0]?.message, "expected an IP address");
  assert.equal(block.parse({ source_ip_address: "" }).sourceAddress, undefined);
});
