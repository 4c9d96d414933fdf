import assert from "node:assert/strict";
import { answerTo, startNameServer } from "../faults/dns/name-server.ts";
import { startClosedPort } from "../faults/servers/closed-port.ts";
import { startStreamServer } from "../faults/servers/stream-server.ts";
import { startBlackboxExporter } from "./support/blackbox-exporter.ts";
import { comparable } from "./support/comparable.ts";
import { integrationTest } from "./support/integration-test.ts";
import { NGINX_STREAM, startNginxStream } from "./support/nginx.ts";
import { parseExposition } from "./support/parse-exposition.ts";
import { PYTHON, startPythonServer } from "./support/python-server.ts";
import { selfSignedCertificate } from "./support/self-signed-certificate.ts";
import { askProbe, startStatusExporter } from "./support/status-exporter.ts";
import { startUnbound } from "./support/unbound.ts";

/** One probe that both exporters run. */
interface Case {
  readonly what: string;
  readonly module: string;
  readonly target: string;
  /** Metrics that differ on purpose, as docs/blackbox-exporter.md says, or that the other one's version has differently. */
  readonly differs?: readonly string[];
}

/** Metrics whose values depend on the clock: what the other knows we have to know, and not as 0. */
const OWN_VALUES: ReadonlySet<string> = new Set([
  "probe_duration_seconds",
  "probe_dns_lookup_time_seconds",
  "probe_dns_duration_seconds",
  "probe_icmp_duration_seconds",
  "probe_grpc_duration_seconds",
]);

/** There from the start over there, even where nobody was reached; here once there was something to match. */
const EARLY = ["probe_failed_due_to_regex"];

/** 0 over there without TLS, which is a date in 1970. */
const NO_CERTIFICATE = ["probe_ssl_earliest_cert_expiry"];

/** Invented over there where the server sent none. */
const NO_STATUS = ["probe_grpc_status_code", ...NO_CERTIFICATE];

integrationTest("gives every metric that blackbox_exporter gives for TCP, ICMP, DNS and gRPC", {
  programs: [
    "prometheus-blackbox-exporter",
    "nginx",
    NGINX_STREAM,
    "unbound",
    "openssl",
    PYTHON,
    "/usr/lib/python3/dist-packages/grpc/__init__.py",
  ],
  async body(stack, context) {
    const certificate = await selfSignedCertificate(stack);
    const { certificate: file, key } = certificate;
    const nginx = await startNginxStream(
      stack,
      `
        server { listen 127.0.0.1:PORT; return "220 nginx ready\\r\\n"; }
        server { listen 127.0.0.2:PORT ssl; ssl_certificate ${file}; ssl_certificate_key ${key}; return "220 secret\\r\\n"; }
      `,
    );
    const unbound = await startUnbound(stack, { certificate, zones: ZONES, unreachableZone: "lost.example." });
    const health = await startPythonServer(stack, { file: "grpc-health-server.py", certificate });
    const closed = stack.use(await startClosedPort());
    const silent = stack.use(await startStreamServer(() => undefined));
    const rude = stack.use(await startStreamServer((socket) => socket.end()));
    const mute = stack.use(await startNameServer(() => undefined));
    const stranger = stack.use(
      await startNameServer(({ bytes }, reply) => {
        const late = Buffer.from(answerTo(bytes));
        late.writeUInt16BE(late.readUInt16BE() ^ 1);
        reply(late);
        reply(answerTo(bytes));
      }),
    );
    const ours = await startStatusExporter(stack, modules(file));
    const theirs = await startBlackboxExporter(stack, ours.configurationFile);

    const tcp = `127.0.0.1:${nginx.port}`;
    const tls = `127.0.0.2:${nginx.port}`;
    const dns = `127.0.0.1:${unbound.plain}`;
    const grpc = `127.0.0.1:${health.plain}`;
    const refused = `127.0.0.1:${closed.port}`;
    const cases: readonly Case[] = [
      { what: "a connection", module: "tcp", target: tcp },
      { what: "a connection to a name", module: "tcp", target: `localhost:${nginx.port}` },
      { what: "a connection that is refused", module: "tcp", target: refused, differs: EARLY },
      { what: "a name that there is not", module: "tcp", target: "no-such-name.invalid:80", differs: EARLY },
      { what: "a greeting", module: "greeting", target: tcp },
      { what: "another greeting", module: "other_greeting", target: tcp },
      { what: "a server that says nothing", module: "greeting", target: `127.0.0.1:${silent.port}` },
      { what: "a server that hangs up", module: "greeting", target: `127.0.0.1:${rude.port}` },
      { what: "TLS", module: "secure", target: tls },
      { what: "TLS of an unknown authority", module: "secure_by_strangers", target: tls, differs: EARLY },
      { what: "an echo", module: "icmp", target: "127.0.0.1" },
      { what: "an echo over IPv6", module: "icmp", target: "::1" },
      { what: "an echo to a v4-mapped address", module: "icmp", target: "::ffff:127.0.0.1" },
      { what: "a large echo with a hop limit", module: "icmp_large", target: "127.0.0.1" },
      { what: "addresses", module: "dns", target: dns },
      { what: "addresses over TCP", module: "dns_tcp", target: dns },
      { what: "a name that the server denies", module: "dns_missing", target: dns },
      { what: "such a name where that is right", module: "dns_missing_wanted", target: dns },
      { what: "records that match", module: "dns_matching", target: dns },
      { what: "records that do not match", module: "dns_not_matching", target: dns },
      { what: "the serial number of a zone", module: "dns_zone", target: dns },
      { what: "a name server that is not there", module: "dns", target: refused },
      { what: "a name server that says nothing", module: "dns", target: `127.0.0.1:${mute.port}` },
      { what: "one that says nothing over TCP", module: "dns_tcp", target: `127.0.0.1:${mute.port}` },
      { what: "a reply with another id before the right one", module: "dns", target: `127.0.0.1:${stranger.port}` },
      { what: "a health check", module: "grpc", target: grpc, differs: NO_CERTIFICATE },
      { what: "one of a service", module: "grpc_cart", target: grpc, differs: NO_CERTIFICATE },
      { what: "one that is not serving", module: "grpc_search", target: grpc, differs: NO_CERTIFICATE },
      { what: "one that is unknown", module: "grpc_unknown", target: grpc, differs: NO_CERTIFICATE },
      { what: "one over TLS", module: "grpc_secure", target: `localhost:${health.tls}` },
      { what: "one of nobody", module: "grpc", target: refused, differs: NO_STATUS },
    ];
    for (const { what, module, target, differs = [] } of cases) {
      await context.test(what, async () => {
        const expected = parseExposition(await askProbe(theirs.origin, { module, target }));
        const actual = parseExposition(await askProbe(ours.origin, { module, target }));
        assert.ok(expected.size >= 5, `blackbox_exporter gives only ${expected.size} metrics`);
        const reference = new Map([...expected].filter(([name]) => !differs.includes(name)));
        assert.deepEqual(
          comparable(actual, { reference, own: OWN_VALUES }),
          comparable(expected, { reference, own: OWN_VALUES }),
        );
      });
    }
  },
});

const ZONES = [
  'local-zone: "shop.example." static',
  ...[
    "shop.example. 3600 IN SOA ns.shop.example. hostmaster.shop.example. 2026010203 7200 900 1209600 300",
    "www.shop.example. 300 IN A 192.0.2.1",
    "www.shop.example. 300 IN A 192.0.2.2",
  ].map((record) => `local-data: '${record}'`),
];

function modules(authority: string): string {
  const trust = `tls: true, tls_config: { ca_file: ${authority} }`;
  return `
modules:
  tcp: ${moduleOf("tcp", "")}
  greeting: ${moduleOf("tcp", 'query_response: [{ expect: "^220 (.*)$", send: "HELO $1" }]')}
  other_greeting: ${moduleOf("tcp", 'query_response: [{ expect: "^221" }]')}
  secure: ${moduleOf("tcp", `tls: true, tls_config: { ca_file: ${authority}, server_name: localhost }, query_response: [{ expect: secret }]`)}
  secure_by_strangers: ${moduleOf("tcp", "tls: true, tls_config: { server_name: localhost }")}
  icmp: ${moduleOf("icmp", "")}
  icmp_large: ${moduleOf("icmp", "ttl: 5, payload_size: 1000, dont_fragment: true")}
  dns: ${dnsModule("www.shop.example, query_type: A")}
  dns_tcp: ${dnsModule("www.shop.example, query_type: A, transport_protocol: tcp")}
  dns_missing: ${dnsModule("missing.shop.example, query_type: A")}
  dns_missing_wanted: ${dnsModule("missing.shop.example, query_type: A, valid_rcodes: [NXDOMAIN]")}
  dns_matching: ${dnsModule(String.raw`www.shop.example, query_type: A, validate_answer_rrs: { fail_if_not_matches_regexp: ["^www\\.shop\\.example\\.\\t300\\tIN\\tA\\t192\\.0\\.2\\.[12]$"] }`)}
  dns_not_matching: ${dnsModule("www.shop.example, query_type: A, validate_authority_rrs: { fail_if_none_matches_regexp: [x] }")}
  dns_zone: ${dnsModule("shop.example, query_type: SOA")}
  grpc: ${moduleOf("grpc", "preferred_ip_protocol: ip4")}
  grpc_cart: ${moduleOf("grpc", "preferred_ip_protocol: ip4, service: shop.Cart")}
  grpc_search: ${moduleOf("grpc", "preferred_ip_protocol: ip4, service: shop.Search")}
  grpc_unknown: ${moduleOf("grpc", "preferred_ip_protocol: ip4, service: shop.Unknown")}
  grpc_secure: ${moduleOf("grpc", `preferred_ip_protocol: ip4, ${trust}`)}
`;
}

function dnsModule(query: string): string {
  return moduleOf("dns", `preferred_ip_protocol: ip4, query_name: ${query}`);
}

function moduleOf(prober: string, settings: string): string {
  return `{ prober: ${prober}, timeout: 1s, ${prober}: { ${settings} } }`;
}
