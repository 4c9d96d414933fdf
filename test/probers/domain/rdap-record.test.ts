import assert from "node:assert/strict";
import { test } from "node:test";
import type { DomainRecord } from "../../../src/probers/domain/finding.ts";
import { readBootstrap } from "../../../src/probers/domain/rdap-bootstrap.ts";
import { readRdapRecord } from "../../../src/probers/domain/rdap-record.ts";
import { readRetryAfter } from "../../../src/probers/domain/retry-after.ts";
import { normaliseStatuses, stateOf } from "../../../src/probers/domain/statuses.ts";
import { rdapObject } from "../../faults/domain/registry-servers.ts";

const NOW = Date.parse("2027-01-01T00:00:00Z") / 1000;

void test("the registrar's expiry is not taken for the registry's, nor a second registration for the first", () => {
  const record = read({
    events: [
      { eventAction: "registrar expiration", eventDate: "2027-02-01T00:00:00Z" },
      { eventAction: "reregistration", eventDate: "2020-01-01T00:00:00Z" },
      { eventAction: "enum validation expiration", eventDate: "2027-03-01T00:00:00Z" },
    ],
  });

  assert.equal(record.expiresAt, undefined);
  assert.equal(record.registeredAt, undefined);
  assert.equal(record.registrarExpiresAt, Date.parse("2027-02-01T00:00:00Z") / 1000);
});

void test("parts of another shape are passed over, the rest is read", () => {
  const record = read({
    status: "active",
    nameservers: [7, { ldhName: "ns1.example.net" }],
    entities: [{ roles: 3 }],
    secureDNS: 1,
  });

  assert.deepEqual(record.statuses, []);
  assert.deepEqual(record.nameServers, ["ns1.example.net"]);
  assert.equal(record.registrar, undefined);
  assert.equal(record.dnssec, undefined);
});

void test("a date that is left empty is not published, and one status of another shape loses no other", () => {
  const record = read({ events: [{ eventAction: "expiration", eventDate: "" }], status: ["client hold", 5] });

  assert.equal(record.expiresAt, undefined);
  assert.deepEqual(record.statuses, ["clientHold"]);
});

void test("a megabyte of blanks in a status is read at once", () => {
  const started = performance.now();
  assert.deepEqual(normaliseStatuses([`ok${" ".repeat(1024 * 1024)}(x`]), ["ok"]);
  assert.ok(performance.now() - started < 1000);
});

void test("no record fills the store or the labels, however much it holds", () => {
  const record = read({
    nameservers: Array.from({ length: 5000 }, (_, index) => ({ ldhName: `ns${index}.example.net` })),
    status: Array.from({ length: 5000 }, (_, index) => `status ${index}`),
    entities: [{ roles: ["registrar"], handle: "x".repeat(100_000) }],
  });

  assert.equal(record.nameServers.length, 20);
  assert.deepEqual(record.statuses, []);
  assert.equal(record.registrar?.length, 100);
});

for (const [written, epp] of [
  ["client transfer prohibited", "clientTransferProhibited"],
  ["clientHold https://icann.org/epp#clientHold", "clientHold"],
  ["CLIENT_HOLD", "clientHold"],
  ["redemption period", "redemptionPeriod"],
  ["active", "ok"],
  ["associated", "linked"],
  ["auto renew period", "autoRenewPeriod"],
] as const) {
  void test(`the status ${JSON.stringify(written)} is ${epp} in the words of EPP`, () => {
    assert.deepEqual(normaliseStatuses([written, written]), [epp]);
  });
}

void test("only the registry's own three prohibitions are a registry lock", () => {
  const all = ["serverTransferProhibited", "serverUpdateProhibited", "serverDeleteProhibited"];

  assert.equal(stateOf(all).registryLock, true);
  assert.equal(stateOf(all.slice(1)).registryLock, false);
  assert.equal(stateOf(["clientTransferProhibited"]).transferLock, true);
  assert.equal(stateOf(["autoRenewPeriod"]).autoRenewGrace, true);
});

void test("of a suffix's servers an https one is taken, and plain http only where there is no other", () => {
  const table = readBootstrap(
    JSON.stringify({
      services: [
        [["Com"], ["http://rdap.test/", "https://rdap.test/v1"]],
        [["kg"], ["http://rdap.kg.test/"]],
        [["zz"], []],
      ],
    }),
  );

  assert.deepEqual(table, { com: "https://rdap.test/v1/", kg: "http://rdap.kg.test/" });
});

for (const [header, seconds] of [
  ["120", 120],
  ["Fri, 01 Jan 2027 00:02:00 GMT", 120],
  ["0", 1],
  ["999999999", 86_400],
  ["soon", 900],
  [undefined, 900],
] as const) {
  void test(`Retry-After ${header ?? "that is absent"} means ${seconds} seconds`, () => {
    assert.equal(readRetryAfter(header, NOW * 1000), seconds);
  });
}

function read(changes: Readonly<Record<string, unknown>>): DomainRecord {
  const body = Buffer.from(rdapObject("example.com", changes));
  return readRdapRecord({ body, server: "rdap.test", name: "example.com", topLevel: "com", now: NOW });
}
