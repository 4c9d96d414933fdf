import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { MeasurementName } from "../../src/outcome/measurement.ts";
import type { Outcome } from "../../src/outcome/outcome.ts";
import type { Settings } from "../faults/fault.ts";
import { runProbe } from "../support/run-probe.ts";
import { integrationTest } from "./support/integration-test.ts";
import { selfSignedCertificate } from "./support/self-signed-certificate.ts";
import { startUnbound, type Unbound } from "./support/unbound.ts";

/** More than the 512 bytes that a datagram holds without EDNS (RFC 1035 §4.2.1). */
const MANY_RECORDS = 60;

const ZONES = [
  'local-zone: "shop.example." static',
  'local-zone: "closed.example." refuse',
  ...[
    "shop.example. 3600 IN SOA ns.shop.example. hostmaster.shop.example. 2026010203 7200 900 1209600 300",
    "www.shop.example. 300 IN A 192.0.2.1",
    "www.shop.example. 300 IN A 192.0.2.2",
    "www.shop.example. 60 IN AAAA 2001:db8::1",
    "shop.example. 300 IN MX 10 mail.shop.example.",
    "_imaps._tcp.shop.example. 300 IN SRV 0 1 993 mail.shop.example.",
    'shop.example. 300 IN TXT "v=spf1 -all"',
    ...Array.from({ length: MANY_RECORDS }, (_, index) => `many.shop.example. 300 IN A 198.51.100.${index}`),
  ].map((record) => `local-data: '${record}'`),
];

interface Case {
  readonly what: string;
  readonly server?: keyof Unbound;
  readonly settings: Settings;
  readonly hostname?: string;
  readonly outcome?: Outcome;
  readonly samples?: Readonly<Partial<Record<MeasurementName, number>>>;
  readonly detail?: RegExp;
}

const A = { query_name: "www.shop.example", query_type: "A" } as const;
const MANY = { query_name: "many.shop.example", query_type: "A" } as const;

/** Queries and what must come of them. */
const CASES: readonly Case[] = [
  {
    what: "addresses over UDP",
    settings: { ...A, expected_values: ["192.0.2.2", "192.0.2.1"], match: "equal" },
    samples: { probe_dns_answer_rrs: 2, probe_dns_rcode: 0, probe_dns_truncated: 0, probe_dns_lowest_ttl_seconds: 300 },
  },
  {
    what: "addresses over TCP",
    settings: { ...A, transport_protocol: "tcp", require_answer: true },
    samples: { probe_dns_answer_rrs: 2 },
  },
  {
    what: "addresses over TLS",
    server: "tls",
    settings: { ...A, dns_over_tls: true, require_answer: true },
    samples: { probe_dns_answer_rrs: 2 },
  },
  {
    what: "addresses over HTTPS",
    server: "https",
    settings: { ...A, dns_over_https: true, require_answer: true },
    samples: { probe_dns_answer_rrs: 2 },
  },
  {
    what: "the name of the scrape",
    settings: { query_type: "AAAA", expected_values: ["2001:DB8::0:1"] },
    hostname: "www.shop.example",
    samples: { probe_dns_lowest_ttl_seconds: 60 },
  },
  {
    what: "the serial number of a zone",
    settings: { query_name: "shop.example", query_type: "SOA" },
    samples: { probe_dns_serial: 2_026_010_203 },
  },
  {
    what: "a mail exchanger that is not the expected one",
    settings: { query_name: "shop.example", query_type: "MX", expected_values: ["mx.shop.example"] },
    outcome: "content/missing",
    detail: /lacks mx\.shop\.example/,
  },
  {
    what: "records as a zone file has them",
    settings: {
      query_name: "_imaps._tcp.shop.example",
      query_type: "SRV",
      validate_answer_rrs: { fail_if_not_matches_regexp: ["\tSRV\t0 1 993 mail\\.shop\\.example\\.$"] },
    },
  },
  {
    what: "text that is forbidden",
    settings: {
      query_name: "shop.example",
      query_type: "TXT",
      validate_answer_rrs: { fail_if_matches_regexp: ["spf1"] },
    },
    outcome: "content/forbidden",
  },
  {
    what: "an answer that was cut off, asked for again over TCP",
    settings: { ...MANY, require_answer: true },
    samples: { probe_dns_truncated: 1, probe_dns_answer_rrs: MANY_RECORDS },
  },
  {
    what: "the same answer in one datagram, thanks to EDNS",
    settings: { ...MANY, edns: { udp_payload_size: 1232 } },
    samples: { probe_dns_truncated: 0, probe_dns_answer_rrs: MANY_RECORDS },
  },
  {
    what: "what is left of an answer that was cut off",
    settings: { ...MANY, retry_over_tcp: false, expected_values: [`198.51.100.${MANY_RECORDS - 1}`] },
    outcome: "exchange/empty-answer",
    samples: { probe_dns_truncated: 1, probe_dns_answer_rrs: 0 },
  },
  {
    what: "NXDOMAIN",
    settings: { query_name: "nobody.shop.example", query_type: "A" },
    outcome: "exchange/error-rcode",
    samples: { probe_dns_rcode: 3, probe_dns_query_succeeded: 1, probe_dns_authority_rrs: 1 },
    detail: /answered NXDOMAIN/,
  },
  {
    what: "NXDOMAIN that is wanted",
    settings: { query_name: "nobody.shop.example", query_type: "A", valid_rcodes: ["NXDOMAIN"] },
    samples: { probe_dns_rcode: 3 },
  },
  {
    what: "a name without such records",
    settings: { ...A, query_type: "MX", require_answer: true },
    outcome: "exchange/empty-answer",
    samples: { probe_dns_rcode: 0 },
  },
  {
    what: "SERVFAIL",
    settings: { query_name: "www.lost.example", query_type: "A" },
    outcome: "exchange/error-rcode",
    samples: { probe_dns_rcode: 2 },
    detail: /answered SERVFAIL/,
  },
  {
    what: "REFUSED",
    settings: { query_name: "www.closed.example", query_type: "A" },
    outcome: "exchange/error-rcode",
    samples: { probe_dns_rcode: 5 },
    detail: /answered REFUSED/,
  },
  {
    what: "the AD flag, which a server without keys does not set",
    settings: { ...A, require_authenticated_data: true },
    outcome: "content/missing",
    samples: { probe_dns_authenticated_data: 0 },
  },
];

integrationTest("probes unbound over UDP, TCP, TLS and HTTPS", {
  programs: ["unbound", "openssl"],
  async body(stack, context) {
    const certificate = await selfSignedCertificate(stack);
    const unbound = await startUnbound(stack, { certificate, zones: ZONES, unreachableZone: "lost.example." });
    const trust = { tls_config: { ca: await readFile(certificate.certificate, "utf8") } };
    for (const { what, server = "plain", settings, hostname, outcome = "success", ...wanted } of CASES) {
      await context.test(what, async () => {
        const order = { target: `127.0.0.1:${unbound[server]}`, settings: { ...trust, ...settings } };

        const report = await runProbe("dns", hostname === undefined ? order : { ...order, hostname });

        assert.equal(report.outcome, outcome, report.detail);
        const found = Object.fromEntries(report.measurements.map(({ name, value }) => [name, value]));
        for (const [name, value] of Object.entries(wanted.samples ?? {})) assert.equal(found[name], value, name);
        assert.match(report.detail, wanted.detail ?? /^/);
      });
    }
    await context.test("a certificate that nobody vouches for", async () => {
      const settings = { ...A, dns_over_tls: true };

      const report = await runProbe("dns", { target: `127.0.0.1:${unbound.tls}`, settings });

      assert.equal(report.outcome, "tls/unknown-authority", report.detail);
    });
  },
});
