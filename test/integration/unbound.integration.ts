import { type Case, runCases } from "./support/case.ts";
import { integrationTest } from "./support/integration-test.ts";
import { type CertificateFiles, selfSignedCertificate } from "./support/self-signed-certificate.ts";
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

const A = { query_name: "www.shop.example", query_type: "A" } as const;
const MANY = { query_name: "many.shop.example", query_type: "A" } as const;

integrationTest("probes unbound over UDP, TCP, TLS and HTTPS", {
  programs: ["unbound", "openssl"],
  async body(stack, context) {
    const certificate = await selfSignedCertificate(stack);
    const ports = await startUnbound(stack, { certificate, zones: ZONES, unreachableZone: "lost.example." });
    await runCases(context, { protocol: "dns", cases: casesOf(ports, certificate) });
  },
});

/** Queries and what must come of them. */
function casesOf(ports: Unbound, certificate: CertificateFiles): readonly Case[] {
  const server = {
    plain: `127.0.0.1:${ports.plain}`,
    tls: `127.0.0.1:${ports.tls}`,
    https: `127.0.0.1:${ports.https}`,
  };
  const trust = { tls_config: { ca_file: certificate.certificate } };
  return [
    {
      what: "addresses over UDP",
      target: server.plain,
      settings: { ...A, expected_values: ["192.0.2.2", "192.0.2.1"], match: "equal" },
      samples: {
        probe_dns_answer_rrs: 2,
        probe_dns_rcode: 0,
        probe_dns_truncated: 0,
        probe_dns_lowest_ttl_seconds: 300,
      },
    },
    {
      what: "addresses over TCP",
      target: server.plain,
      settings: { ...A, transport_protocol: "tcp", require_answer: true },
      samples: { probe_dns_answer_rrs: 2 },
    },
    {
      what: "addresses over TLS",
      target: server.tls,
      settings: { ...A, dns_over_tls: true, ...trust, require_answer: true },
      samples: { probe_dns_answer_rrs: 2 },
    },
    {
      what: "addresses over HTTPS",
      target: server.https,
      settings: { ...A, dns_over_https: true, ...trust, require_answer: true },
      samples: { probe_dns_answer_rrs: 2 },
    },
    {
      what: "the name of the scrape",
      target: server.plain,
      settings: { query_type: "AAAA", expected_values: ["2001:DB8::0:1"] },
      hostname: "www.shop.example",
      samples: { probe_dns_lowest_ttl_seconds: 60 },
    },
    {
      what: "the serial number of a zone",
      target: server.plain,
      settings: { query_name: "shop.example", query_type: "SOA" },
      samples: { probe_dns_serial: 2_026_010_203 },
    },
    {
      what: "a mail exchanger that is not the expected one",
      target: server.plain,
      settings: { query_name: "shop.example", query_type: "MX", expected_values: ["mx.shop.example"] },
      outcome: "content/missing",
      detail: /lacks mx\.shop\.example/,
    },
    {
      what: "records as a zone file has them",
      target: server.plain,
      settings: {
        query_name: "_imaps._tcp.shop.example",
        query_type: "SRV",
        validate_answer_rrs: { fail_if_not_matches_regexp: ["\tSRV\t0 1 993 mail\\.shop\\.example\\.$"] },
      },
    },
    {
      what: "text that is forbidden",
      target: server.plain,
      settings: {
        query_name: "shop.example",
        query_type: "TXT",
        validate_answer_rrs: { fail_if_matches_regexp: ["spf1"] },
      },
      outcome: "content/forbidden",
    },
    {
      what: "an answer that was cut off, asked for again over TCP",
      target: server.plain,
      settings: { ...MANY, require_answer: true },
      samples: { probe_dns_truncated: 1, probe_dns_answer_rrs: MANY_RECORDS },
    },
    {
      what: "the same answer in one datagram, thanks to EDNS",
      target: server.plain,
      settings: { ...MANY, edns: { udp_payload_size: 1232 } },
      samples: { probe_dns_truncated: 0, probe_dns_answer_rrs: MANY_RECORDS },
    },
    {
      what: "what is left of an answer that was cut off",
      target: server.plain,
      settings: { ...MANY, retry_over_tcp: false, expected_values: [`198.51.100.${MANY_RECORDS - 1}`] },
      outcome: "exchange/empty-answer",
      samples: { probe_dns_truncated: 1, probe_dns_answer_rrs: 0 },
    },
    {
      what: "NXDOMAIN",
      target: server.plain,
      settings: { query_name: "nobody.shop.example", query_type: "A" },
      outcome: "exchange/error-rcode",
      samples: { probe_dns_rcode: 3, probe_dns_query_succeeded: 1, probe_dns_authority_rrs: 1 },
      detail: /answered NXDOMAIN/,
    },
    {
      what: "NXDOMAIN that is wanted",
      target: server.plain,
      settings: { query_name: "nobody.shop.example", query_type: "A", valid_rcodes: ["NXDOMAIN"] },
      samples: { probe_dns_rcode: 3 },
    },
    {
      what: "a name without such records",
      target: server.plain,
      settings: { ...A, query_type: "MX", require_answer: true },
      outcome: "exchange/empty-answer",
      samples: { probe_dns_rcode: 0 },
    },
    {
      what: "SERVFAIL",
      target: server.plain,
      settings: { query_name: "www.lost.example", query_type: "A" },
      outcome: "exchange/error-rcode",
      samples: { probe_dns_rcode: 2 },
      detail: /answered SERVFAIL/,
    },
    {
      what: "REFUSED",
      target: server.plain,
      settings: { query_name: "www.closed.example", query_type: "A" },
      outcome: "exchange/error-rcode",
      samples: { probe_dns_rcode: 5 },
      detail: /answered REFUSED/,
    },
    {
      what: "the AD flag, which a server without keys does not set",
      target: server.plain,
      settings: { ...A, require_authenticated_data: true },
      outcome: "content/missing",
      samples: { probe_dns_authenticated_data: 0 },
    },
    {
      what: "a certificate that nobody vouches for",
      target: server.tls,
      settings: { ...A, dns_over_tls: true },
      outcome: "tls/unknown-authority",
    },
  ];
}
