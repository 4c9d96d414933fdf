import assert from "node:assert/strict";
import { test } from "node:test";
import { AUTHENTIC_DATA, CHECKING_DISABLED, type OptAnswer, RECURSION_DESIRED, TRUNCATED_RESPONSE } from "dns-packet";
import { answerTo, type ReceivedQuery } from "../../faults/dns/name-server.ts";
import type { Settings } from "../../faults/fault.ts";
import { startClosedDatagramPort } from "../../faults/servers/datagram-server.ts";
import { labelsOf, runProbe, valueOf } from "../../support/run-probe.ts";
import { askFor, askNameServer } from "./ask-name-server.ts";

const ADDRESS = { type: "A", name: "example.com", ttl: 300, data: "192.0.2.1" } as const;

void test("asks once for any record of class IN, with recursion and without EDNS, unless the module says more", async () => {
  const query = await queryOf({ query_type: "", query_class: "" });

  assert.deepEqual(query.packet.questions, [{ name: "example.com", type: "ANY", class: "IN" }]);
  assert.equal((query.packet.flags ?? 0) & RECURSION_DESIRED, RECURSION_DESIRED);
  assert.equal((query.packet.flags ?? 0) & (AUTHENTIC_DATA | CHECKING_DISABLED), 0);
  assert.deepEqual(query.packet.additionals, []);
  assert.equal(query.transport, "udp");
});

void test("asks for the type and the class, by name or by number", async () => {
  const named = await queryOf({ query_type: "HTTPS", query_class: "NONE" });
  const numbered = await queryOf({ query_type: "TYPE65280", query_class: "CLASS32" });

  assert.equal(named.bytes.subarray(-4).toString("hex"), "004100fe");
  assert.equal(numbered.bytes.subarray(-4).toString("hex"), "ff000020");
});

void test("asks without recursion, and with EDNS, where the module says so", async () => {
  const query = await queryOf({ recursion_desired: false, edns: { udp_payload_size: 4096, dnssec_ok: true } });
  const plain = await queryOf({ edns: {} });

  assert.equal((query.packet.flags ?? 0) & RECURSION_DESIRED, 0);
  assert.deepEqual(optOf(query), { udpPayloadSize: 4096, flag_do: true });
  assert.deepEqual(optOf(plain), { udpPayloadSize: 1232, flag_do: false });
});

void test("ids differ from query to query", async () => {
  const ids = new Set<number>();
  for (let query = 0; query < 5; query += 1) ids.add((await queryOf({})).packet.id ?? -1);

  assert.ok(ids.size > 1, `found ${[...ids].join()}`);
});

for (const { title, queryName, hostname, asked } of [
  {
    title: "in ASCII where the module's is not",
    queryName: "bücher.example",
    hostname: undefined,
    asked: "xn--bcher-kva.example",
  },
  { title: "of the scrape where the module has none", queryName: "", hostname: "shop.example.", asked: "shop.example" },
  {
    title: "of the module where the scrape has one too",
    queryName: "a.example",
    hostname: "b.example",
    asked: "a.example",
  },
  { title: "of the root", queryName: ".", hostname: undefined, asked: "." },
  { title: "of a service", queryName: "_443._tcp.example.com", hostname: undefined, asked: "_443._tcp.example.com" },
]) {
  void test(`asks for the name ${title}`, async () => {
    const query = await queryOf({ query_name: queryName }, hostname);

    assert.equal(query.packet.questions?.[0]?.name, asked);
  });
}

for (const hostname of [
  "",
  "a..example",
  "a b.example",
  `${"a".repeat(64)}.example`,
  `${"a.".repeat(127)}example`,
  "a\\.example",
]) {
  void test(`asks nothing where the only name is ${JSON.stringify(hostname.slice(0, 70))}`, async () => {
    const report = await runProbe("dns", { target: "127.0.0.1:1", hostname, settings: {} });

    assert.equal(report.outcome, "request/parameter-missing");
    assert.match(report.detail, /query_name .* hostname=/u);
    assert.equal(valueOf(report, "probe_dns_query_succeeded"), 0);
  });
}

void test("measures the reply: records, response code, lowest time to live, phases", async () => {
  const report = await askFor({
    answers: [ADDRESS, { ...ADDRESS, ttl: 60, data: "192.0.2.2" }],
    authorities: [{ type: "NS", name: "example.com", ttl: 5, data: "ns1.example.com" }],
    additionals: [{ ...ADDRESS, name: "ns1.example.com", ttl: 1 }, OPT],
    flags: AUTHENTIC_DATA,
  });

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(valueOf(report, "probe_dns_query_succeeded"), 1);
  assert.equal(valueOf(report, "probe_dns_answer_rrs"), 2);
  assert.equal(valueOf(report, "probe_dns_authority_rrs"), 1);
  assert.equal(valueOf(report, "probe_dns_additional_rrs"), 2);
  assert.equal(valueOf(report, "probe_dns_rcode"), 0);
  assert.equal(valueOf(report, "probe_dns_authenticated_data"), 1);
  assert.equal(valueOf(report, "probe_dns_truncated"), 0);
  assert.equal(valueOf(report, "probe_dns_lowest_ttl_seconds"), 60);
  assert.equal(valueOf(report, "probe_dns_serial"), undefined);
  assert.deepEqual(labelsOf(report, "probe_dns_rcode_info"), [{ rcode: "NOERROR" }]);
  assert.deepEqual(labelsOf(report, "probe_dns_query_info"), [{ name: "example.com.", type: "A", class: "IN" }]);
  assert.deepEqual(labelsOf(report, "probe_dns_duration_seconds"), [
    { phase: "resolve" },
    { phase: "connect" },
    { phase: "request" },
  ]);
});

void test("measures the serial number of a zone that was asked for", async () => {
  const data = {
    mname: "ns.example",
    rname: "host.example",
    serial: 2026010199,
    refresh: 1,
    retry: 2,
    expire: 3,
    minimum: 4,
  };
  const soa = { type: "SOA", name: "example.com", ttl: 60, data } as const;
  const found = await askFor({ answers: [soa] }, { query_type: "SOA" });
  const absent = await askFor({ authorities: [soa] }, { query_type: "SOA" });
  const blank = { ...soa, data: { ...data, mname: "ns 1.example", rname: "hosts.master 2.example" } };
  const withBlanks = await askFor({ answers: [blank] }, { query_type: "SOA" });

  assert.equal(valueOf(found, "probe_dns_serial"), 2026010199);
  assert.equal(valueOf(absent, "probe_dns_serial"), undefined);
  assert.equal(valueOf(withBlanks, "probe_dns_serial"), 2026010199);
});

void test("an answer without records passes unless the module wants one", async () => {
  const lenient = await askFor({});
  const strict = await askFor({}, { require_answer: true });
  const other = await askFor(
    { answers: [{ type: "CNAME", name: "example.com", ttl: 1, data: "a.example" }] },
    { require_answer: true },
  );

  assert.equal(lenient.outcome, "success", lenient.detail);
  assert.equal(valueOf(lenient, "probe_dns_lowest_ttl_seconds"), undefined);
  assert.equal(strict.outcome, "exchange/empty-answer");
  assert.equal(other.outcome, "exchange/empty-answer");
  assert.match(other.detail, /no A record/u);
});

for (const [rcode, name] of [
  [1, "FORMERR"],
  [2, "SERVFAIL"],
  [3, "NXDOMAIN"],
  [4, "NOTIMP"],
  [5, "REFUSED"],
  [12, "RCODE12"],
] as const) {
  void test(`the response code ${name} is exchange/error-rcode`, async () => {
    const report = await askFor({ rcode });

    assert.equal(report.outcome, "exchange/error-rcode");
    assert.match(report.detail, new RegExp(name, "u"));
    assert.equal(valueOf(report, "probe_dns_query_succeeded"), 1);
    assert.equal(valueOf(report, "probe_dns_rcode"), rcode);
  });
}

void test("EDNS adds bits to the response code, and words", async () => {
  const report = await askNameServer({
    onQuery({ bytes }, reply) {
      const message = answerTo(bytes, { rcode: 2 });
      message.writeUInt16BE(1, 10);
      const option = Buffer.concat([Buffer.from([0, 15, 0, 14, 0, 6]), Buffer.from("no signature")]);
      const opt = Buffer.from([0, 0, 41, 4, 208, 1, 0, 0, 0, 0, option.length]);
      reply(Buffer.concat([message, opt, option]));
    },
  });

  assert.equal(report.outcome, "exchange/error-rcode");
  assert.equal(valueOf(report, "probe_dns_rcode"), 18);
  assert.match(report.detail, /BADTIME \(6 \(DNSSEC Bogus\): no signature\)/u);
});

void test("valid_rcodes replaces the codes that pass; an empty list lets nothing pass", async () => {
  const wanted = await askFor({ rcode: 3 }, { valid_rcodes: ["NXDOMAIN", "REFUSED"] });
  const unwanted = await askFor({}, { valid_rcodes: ["NXDOMAIN"] });
  const none = await askFor({}, { valid_rcodes: [] });

  assert.equal(wanted.outcome, "success", wanted.detail);
  assert.equal(unwanted.outcome, "exchange/error-rcode");
  assert.equal(none.outcome, "exchange/error-rcode");
});

void test("require_authenticated_data asks for the AD flag and wants it in the answer", async () => {
  const query = await queryOf({ require_authenticated_data: true });
  const vouched = await askFor({ flags: AUTHENTIC_DATA }, { require_authenticated_data: true });
  const not = await askFor({}, { require_authenticated_data: true });

  assert.equal((query.packet.flags ?? 0) & AUTHENTIC_DATA, AUTHENTIC_DATA);
  assert.equal(vouched.outcome, "success", vouched.detail);
  assert.equal(not.outcome, "content/missing");
  assert.equal(valueOf(not, "probe_dns_authenticated_data"), 0);
});

void test("asks again over TCP where the answer over UDP was cut off", async () => {
  const transports: string[] = [];
  const report = await askNameServer({
    onQuery({ bytes, transport }, reply) {
      transports.push(transport);
      reply(answerTo(bytes, transport === "udp" ? { flags: TRUNCATED_RESPONSE } : { answers: [ADDRESS] }));
    },
  });

  assert.equal(report.outcome, "success", report.detail);
  assert.deepEqual(transports, ["udp", "tcp"]);
  assert.equal(valueOf(report, "probe_dns_answer_rrs"), 1);
  assert.equal(valueOf(report, "probe_dns_truncated"), 1);
});

void test("says that the answer over UDP was cut off where asking again over TCP fails", async () => {
  const report = await askNameServer({
    onQuery({ bytes, transport }, reply) {
      reply(transport === "udp" ? answerTo(bytes, { flags: TRUNCATED_RESPONSE }) : Buffer.alloc(0));
    },
  });

  assert.equal(report.outcome, "exchange/malformed", report.detail);
  assert.match(report.detail, /^The answer over UDP was cut off, and over TCP: The reply is malformed/);
});

void test("says that the answer over UDP was cut off where the deadline passes while it asks again over TCP", async () => {
  const report = await askNameServer({
    module: { timeout: "200ms" },
    onQuery({ bytes, transport }, reply) {
      if (transport === "udp") reply(answerTo(bytes, { flags: TRUNCATED_RESPONSE }));
    },
  });

  assert.equal(report.outcome, "exchange/no-reply", report.detail);
  assert.match(report.detail, /waiting for the answer over TCP, for that over UDP was cut off$/);
});

void test("takes what was cut off as it is where the module says so", async () => {
  const report = await askFor({ flags: TRUNCATED_RESPONSE, answers: [ADDRESS] }, { retry_over_tcp: false });

  assert.equal(report.outcome, "success", report.detail);
  assert.equal(valueOf(report, "probe_dns_answer_rrs"), 1);
});

void test("a closed port is connect/refused over UDP", async () => {
  await using server = await startClosedDatagramPort();
  const report = await runProbe("dns", {
    target: `${server.host}:${server.port}`,
    settings: { query_name: "example.com" },
  });

  assert.equal(report.outcome, "connect/refused", report.detail);
  assert.equal(valueOf(report, "probe_dns_query_succeeded"), 0);
});

void test("silence is exchange/no-reply", async () => {
  const report = await askNameServer({ module: { timeout: "150ms" }, onQuery: () => undefined });

  assert.equal(report.outcome, "exchange/no-reply", report.detail);
  const request = report.measurements.find(
    ({ name, labels }) => name === "probe_dns_duration_seconds" && labels["phase"] === "request",
  );
  assert.ok(request !== undefined && request.value > 0.1, `the request took ${request?.value} s`);
});

void test("the policy holds for the address of the server", async () => {
  const report = await askNameServer({
    module: { internal_addresses: "forbid" },
    onQuery: () => assert.fail("the server was asked"),
  });

  assert.equal(report.outcome, "policy/internal-address");
});

const OPT: OptAnswer = {
  type: "OPT",
  name: ".",
  udpPayloadSize: 1232,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
};

/** The query that such a module sends. */
async function queryOf(dns: Settings, hostname?: string): Promise<ReceivedQuery> {
  const queries: ReceivedQuery[] = [];
  await askNameServer({
    dns,
    ...(hostname === undefined ? {} : { hostname }),
    onQuery(query, reply) {
      queries.push(query);
      reply(answerTo(query.bytes));
    },
  });
  const [query] = queries;
  assert.ok(query && queries.length === 1, `${queries.length} queries came`);
  return query;
}

function optOf({ packet }: ReceivedQuery): { readonly udpPayloadSize: number; readonly flag_do: boolean } {
  const [opt] = packet.additionals ?? [];
  assert.ok(opt?.type === "OPT");
  return { udpPayloadSize: opt.udpPayloadSize, flag_do: opt.flag_do };
}
