import assert from "node:assert/strict";
import { test } from "node:test";
import type { Settings } from "../../faults/fault.ts";
import { problemsOfModule } from "../../support/run-probe.ts";

const WRONG: readonly { readonly title: string; readonly dns: Settings; readonly problem: RegExp }[] = [
  { title: "an unknown key", dns: { query: "example.com" }, problem: /query/u },
  { title: "a name that is none", dns: { query_name: "a..b" }, problem: /query_name.*domain name/u },
  { title: "an unknown type", dns: { query_type: "NOPE" }, problem: /query_type.*AAAA/u },
  { title: "a type in lower case", dns: { query_type: "aaaa" }, problem: /query_type.*upper case/u },
  { title: "a type beyond 16 bits", dns: { query_type: "TYPE65536" }, problem: /query_type/u },
  { title: "an unknown class", dns: { query_class: "X" }, problem: /query_class.*CH/u },
  { title: "an unknown transport", dns: { transport_protocol: "quic" }, problem: /transport_protocol.*tcp/u },
  { title: "TLS over UDP", dns: { transport_protocol: "udp", dns_over_tls: true }, problem: /dns_over_tls needs/u },
  {
    title: "HTTPS over UDP",
    dns: { transport_protocol: "udp", dns_over_https: true },
    problem: /dns_over_https needs/u,
  },
  { title: "TLS and HTTPS", dns: { dns_over_tls: true, dns_over_https: true }, problem: /mutually exclusive/u },
  { title: "a path without HTTPS", dns: { dns_over_https_path: "/q" }, problem: /needs dns_over_https/u },
  { title: "a path that is none", dns: { dns_over_https: true, dns_over_https_path: "q b" }, problem: /slash/u },
  { title: "an unknown response code", dns: { valid_rcodes: ["NOERROR", "OOPS"] }, problem: /valid_rcodes.*NXDOMAIN/u },
  {
    title: "an expression that RE2 refuses",
    dns: { validate_answer_rrs: { fail_if_matches_regexp: ["(?=a)"] } },
    problem: /validate_answer_rrs.*RE2/u,
  },
  {
    title: "an unknown key of a validator",
    dns: { validate_authority_rrs: { fail_if_regexp: ["a"] } },
    problem: /fail_if_regexp/u,
  },
  {
    title: "too small a payload",
    dns: { edns: { udp_payload_size: 511 } },
    problem: /udp_payload_size.*512 to 65535/u,
  },
  {
    title: "too large a payload",
    dns: { edns: { udp_payload_size: 65_536 } },
    problem: /udp_payload_size.*512 to 65535/u,
  },
  { title: "no values to expect", dns: { expected_values: [] }, problem: /at least one/u },
  { title: "a relation to nothing", dns: { match: "equal" }, problem: /match needs expected_values/u },
  {
    title: "an unknown relation",
    dns: { expected_values: ["a"], match: "like" },
    problem: /match.*contains, within, equal, any/u,
  },
];

for (const { title, dns, problem } of WRONG) {
  void test(`${title} is a mistake in the configuration`, () => {
    const problems = problemsOfModule("dns", { query_name: "example.com", ...dns });

    assert.equal(problems.length, 1, problems.join("\n"));
    assert.match(problems.join("\n"), problem);
  });
}

const RIGHT: readonly { readonly title: string; readonly dns: Settings }[] = [
  { title: "nothing at all, for the scrape gives the name", dns: {} },
  { title: "every type that blackbox_exporter knows in mixed case", dns: { query_type: "Reserved" } },
  { title: "TLS, which needs TCP, without saying so", dns: { dns_over_tls: true } },
  { title: "TLS with TCP", dns: { dns_over_tls: true, transport_protocol: "tcp" } },
  { title: "no valid response code", dns: { valid_rcodes: [] } },
  {
    title: "validators without expressions",
    dns: { validate_answer_rrs: {}, validate_additional_rrs: { fail_if_matches_regexp: [] } },
  },
];

for (const { title, dns } of RIGHT) {
  void test(`a module may say ${title}`, () => {
    assert.deepEqual(problemsOfModule("dns", dns), []);
  });
}
