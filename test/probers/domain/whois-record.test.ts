import assert from "node:assert/strict";
import { test } from "node:test";
import { ProbeFailure } from "../../../src/outcome/probe-failure.ts";
import type { Finding } from "../../../src/probers/domain/finding.ts";
import { readWhoisAnswer } from "../../../src/probers/domain/whois-record.ts";

const MEGABYTE = 1024 * 1024;

const NOW = Date.parse("2027-01-01T00:00:00Z") / 1000;

/** A record in the shape of each registry, and the day on which it says that the domain expires. */
const RECORDS: readonly (readonly [topLevel: string, text: string, expires: string | undefined])[] = [
  [
    "com",
    "Domain Name: NAME\nRegistrar: R\nRegistrar Registration Expiration Date: 2027-05-01T00:00:00Z\nRegistry Expiry Date: 2027-04-05T00:00:00Z",
    "2027-04-05",
  ],
  [
    "br",
    "domain:      NAME\nowner:       O\ncreated:     20010203 #123\nexpires:     20270405\nstatus:      published",
    "2027-04-05",
  ],
  ["ua", "domain:     NAME\nstatus:     OK-UNTIL 20270405060708\nnserver:    ns1.example.net", "2027-04-05"],
  [
    "uk",
    "    Domain name:\n        NAME\n\n    Registrar:\n        A Registrar Ltd [Tag = AREG]\n\n    Relevant dates:\n        Registered on: before Aug-1996\n        Expiry date:  05-Apr-2027\n\n    Registration status:\n        Registered until expiry date.",
    "2027-04-05",
  ],
  [
    "jp",
    "[Domain Name]                   NAME\n[登録年月日]                    2001/02/03\n[有効期限]                      2027/04/05\n[状態]                          Active",
    "2027-04-05",
  ],
  ["jp", "a. [Domain Name]                NAME\n[State]                         Connected (2027/04/05)", "2027-04-05"],
  [
    "kr",
    "Domain Name                 : NAME\nRegistered Date             : 2001. 02. 03.\nExpiration Date             : 2027. 04. 05.",
    "2027-04-05",
  ],
  [
    "ru",
    "domain:        NAME\nnserver:       ns1.example.net.\nstate:         REGISTERED, DELEGATED, VERIFIED\npaid-till:     2027-04-05T00:00:00Z\nfree-date:     2027-05-06",
    "2027-04-05",
  ],
  [
    "fi",
    "domain.............: NAME\nstatus.............: Registered\nexpires............: 5.4.2027 06:07:08",
    "2027-04-05",
  ],
  ["pt", "Domain: NAME\nExpiration Date (dd/mm/yyyy): 05/04/2027 23:59:59", "2027-04-05"],
  ["il", "domain:       NAME\nvalidity:     05-04-2027\nstatus:       Transfer Locked", "2027-04-05"],
  [
    "tr",
    "** Domain Name: NAME\nCreated on..............: 2001-Feb-03.\nExpires on..............: 2027-Apr-05.",
    "2027-04-05",
  ],
  ["tw", "Domain Name: NAME\nRecord expires on: 2027-04-05 06:07:08 (UTC+8)", "2027-04-04"],
  [
    "tw",
    "Domain Name: NAME\n   Record expires on 2027-04-05 06:07:08 (UTC+8)\n   Record created on 2001-02-03",
    "2027-04-04",
  ],
  ["tw", "Domain Name: NAME\n   Record expires on 2027-04-05 (YYYY-MM-DD)", "2027-04-05"],
  [
    "my",
    "a [Domain Name]                NAME\ne [Record Created]             03-Feb-2001\nf [Record Expired]             05-Apr-2027",
    "2027-04-05",
  ],
  ["hu", "domain:         NAME\nrecord created: 2001.02.03", undefined],
  [
    "edu",
    "Domain Name: NAME\nDomain record activated:    03-Feb-2001\nDomain expires:             05-Apr-2027",
    "2027-04-05",
  ],
  ["ly", "Domain Name: NAME\nCreated: 2001-02-03 00:00:00\nExpired: 2027-04-05 06:07:08", "2027-04-05"],
  ["pl", "DOMAIN NAME:           NAME\nrenewal date:          2027.04.05 06:07:08", "2027-04-05"],
  ["com", "domain: NAME\nrecord will expire on: 2027-04-05\nregistrar: R", "2027-04-05"],
  ["com", "domain: NAME\nvalid until: 2027-04-05\nregistrar: R", "2027-04-05"],
  ["com", "domain: NAME\nexp date: 2027-04-05\nregistrar: R", "2027-04-05"],
  ["com", "domain: NAME\nexpire-date: 2027-04-05\nregistrar: R", "2027-04-05"],
  ["com", "domain: NAME\nExpiration Time: 2027-04-05 06:07:08\nregistrar: R", "2027-04-05"],
  ["com", "domain: NAME\ndomain expired....: 2027-04-05\nregistrar: R", "2027-04-05"],
  ["de", "Domain: NAME\nNserver: ns1.example.net\nStatus: connect\nChanged: 2025-02-03T04:05:06+01:00", undefined],
  [
    "eu",
    "Domain: NAME\n\nRegistrar:\n        Name: A Registrar\n\nName servers:\n        ns1.example.net (192.0.2.1)\n        ns2.example.net",
    undefined,
  ],
];

for (const [topLevel, text, expires] of RECORDS) {
  void test(`.${topLevel}: ${JSON.stringify(text.slice(0, 60))} … expires ${expires ?? "at no published time"}`, () => {
    const found = read(text.replace("NAME", `shop.${topLevel}`), { topLevel });

    assert.ok(found.kind === "registered");
    const { expiresAt } = found.record;
    assert.equal(expiresAt === undefined ? undefined : new Date(expiresAt * 1000).toISOString().slice(0, 10), expires);
  });
}

/** How registries say that they have no such domain. */
const NOT_FOUND = [
  'No match for domain "SHOP.COM".\n>>> Last update of WHOIS database: 2027-01-01T00:00:00Z <<<',
  "NOT FOUND",
  "Domain not found.",
  "No Data Found",
  "%ERROR:101: no entries found",
  "Nothing found for this query.",
  "No Object Found",
  "The queried object does not exist: shop.com",
  "Domain shop.com is free",
  "shop.com is not registered",
  "The domain has not been registered.",
  "Domain shop.com is available for registration",
  "query returned 0 objects",
  "Domain name not known",
  "Domain: shop.com\nStatus: free",
  "Domain: shop.com\nStatus: AVAILABLE",
  "domain_name: shop.com\nquery_status: 220 Available",
  "No information available about domain name shop.com in the Registry NASK database.",
  "Domain nicht gefunden",
  "El dominio no se encuentra registrado",
  "No matching record.",
  "Domain Name: shop.com\nDomain Status: No Object Found",
  "Domain Name: shop.com\nDomain Status: Not Registered",
] as const;

for (const text of NOT_FOUND) {
  void test(`${JSON.stringify(text)} says that the domain is not registered`, () => {
    assert.equal(read(text).kind, "not-registered");
  });
}

for (const [status, statuses] of [
  ["ok / clientTransferProhibited", ["ok", "clientTransferProhibited"]],
  ["pendingDelete / redemptionPeriod", ["pendingDelete", "redemptionPeriod"]],
  ["Transfer Prohibited by Registrar", ["clientTransferProhibited"]],
  ["Transfer Locked", ["transferProhibited"]],
  ["QUARANTINE", ["redemptionPeriod"]],
  ["in quarantine", ["redemptionPeriod"]],
] as const) {
  void test(`the status ${status} is ${statuses.join(" and ")}`, () => {
    const found = read(`Domain Name: shop.com\nRegistrar: R\nStatus: ${status}`);
    assert.ok(found.kind === "registered");
    assert.deepEqual(found.record.statuses, statuses);
  });
}

for (const [written, signed] of [
  ["signedDelegation", true],
  ["unsigned", false],
  ["-", undefined],
  ["N/A", undefined],
] as const) {
  void test(`DNSSEC: ${written} means ${signed ?? "nothing"}`, () => {
    const found = read(`Domain Name: shop.com\nRegistrar: R\nDNSSEC: ${written}`);
    assert.ok(found.kind === "registered");
    assert.equal(found.record.dnssec, signed);
  });
}

for (const [what, text] of [
  ["empty lines", "\n".repeat(MEGABYTE)],
  ["lines of one blank", " \n".repeat(MEGABYTE / 2)],
  ["blanks in a date", `expires: 2027${" ".repeat(MEGABYTE)}x`],
  ["dots behind a key", `a${" .".repeat(MEGABYTE / 2)}`],
] as const) {
  // The thread that reads it has all other probes to serve.
  void test(`a megabyte of ${what} is read at once`, () => {
    const started = performance.now();
    assert.throws(() => read(text), ProbeFailure);
    assert.ok(performance.now() - started < 3000);
  });
}

void test("the dates are the domain's own, not those of a contact below it", () => {
  const found = read(
    "domain: shop.com\nregistered: 2001-02-03\nchanged: 2025-01-02\n\ncontact: C\ncreated: 2020-05-06\nlast modified: 2026-07-08",
  );
  assert.ok(found.kind === "registered");
  assert.equal(found.record.registeredAt, Date.UTC(2001, 1, 3) / 1000);
  assert.equal(found.record.changedAt, Date.UTC(2025, 0, 2) / 1000);
});

void test("a record is a record, whatever its terms of use say of names that were not found", () => {
  const found = read(
    "Domain Name: shop.com\nRegistrar: R\nRegistry Expiry Date: 2027-04-05T00:00:00Z\n\nNOT FOUND\nNo match\nquota exceeded",
  );

  assert.equal(found.kind, "registered");
});

void test("the whole record of a generic domain is read", () => {
  const found = read(
    [
      "   Domain Name: SHOP.COM",
      "   Registrar: A Registrar, Inc.",
      "   Registrar IANA ID: 9999",
      "   Updated Date: 2025-02-03T04:05:06Z",
      "   Creation Date: 2001-02-03T04:05:06Z",
      "   Registry Expiry Date: 2027-04-05T06:07:08Z",
      "   Domain Status: clientHold https://icann.org/epp#clientHold",
      "   Domain Status: clientTransferProhibited (https://icann.org/epp#clientTransferProhibited)",
      "   Name Server: NS2.EXAMPLE.NET",
      "   Name Server: NS1.EXAMPLE.NET",
      "   DNSSEC: signedDelegation",
      ">>> Last update of WHOIS database: 2027-01-01T00:00:00Z <<<",
      "NOTICE: The expiration date displayed in this record is the date the registrar's sponsorship expires.",
    ].join("\r\n"),
  );

  assert.ok(found.kind === "registered");
  assert.deepEqual(found.record, {
    source: "whois",
    server: "whois.test",
    expiresAt: Date.parse("2027-04-05T06:07:08Z") / 1000,
    registrarExpiresAt: undefined,
    registeredAt: Date.parse("2001-02-03T04:05:06Z") / 1000,
    changedAt: Date.parse("2025-02-03T04:05:06Z") / 1000,
    statuses: ["clientHold", "clientTransferProhibited"],
    registrar: "A Registrar, Inc.",
    registrarIanaId: "9999",
    nameServers: ["ns1.example.net", "ns2.example.net"],
    dnssec: true,
  });
});

const REFUSED = [
  ["Your connection limit exceeded. Please slow down and try again later.", "registry/unavailable"],
  ["Error: lookup quota exceeded", "registry/unavailable"],
  ["Requests are restricted.\nYou have exceeded this limit.\nPlease wait.", "registry/unavailable"],
  ["Server too busy, try again later", "registry/unavailable"],
  ["You have exceeded your query limit", "registry/unavailable"],
  ["Maximum query rate reached", "registry/unavailable"],
  ["Query denied due to query limit controls", "registry/unavailable"],
  ["Your address is blacklisted", "registry/unavailable"],
  ["Requests of this client are not permitted. Please use another service.", "registry/unavailable"],
  ["", "registry/unreadable"],
  ["Hello there", "registry/unreadable"],
  ["% Names that are not found in this database may still be registered elsewhere.", "registry/unreadable"],
  ["Domain Name: other.com\nRegistrar: R", "registry/unreadable"],
  ["Domain Name: shop.com\nExpiry Date: 02.01.2027", "registry/unreadable"],
  ["Domain Name: shop.com\nExpiry Date: 2057-01-02", "registry/unreadable"],
  ["Domain Name: shop.com\nCreation Date: 2027-06-01\nExpiry Date: 2027-01-02", "registry/unreadable"],
] as const;

for (const [text, outcome] of REFUSED) {
  void test(`${JSON.stringify(text)} is ${outcome}`, () => {
    assert.throws(
      () => read(text),
      (error) => error instanceof ProbeFailure && error.outcome === outcome,
    );
  });
}

function read(text: string, { topLevel = "com" }: { readonly topLevel?: string } = {}): Finding {
  return readWhoisAnswer({ text, server: "whois.test", name: `shop.${topLevel}`, topLevel, now: NOW });
}
