import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { startBlackboxExporter } from "./support/blackbox-exporter.ts";
import { comparable } from "./support/comparable.ts";
import { integrationTest } from "./support/integration-test.ts";
import { startNginx } from "./support/nginx.ts";
import { parseExposition } from "./support/parse-exposition.ts";
import { selfSignedCertificate } from "./support/self-signed-certificate.ts";
import { askProbe, MAIN, startStatusExporter } from "./support/status-exporter.ts";

/** One probe that both exporters run. */
interface Case {
  readonly what: string;
  readonly module: string;
  /** `PORT` stands for nginx's port. */
  readonly target: string;
  /** Metrics whose values differ on purpose. */
  readonly differs?: readonly string[];
}

const CASES: readonly Case[] = [
  { what: "a page", module: "plain", target: "http://127.0.0.1:PORT/" },
  { what: "a target without a scheme", module: "plain", target: "127.0.0.1:PORT/" },
  { what: "a name that is looked up", module: "plain", target: "http://localhost:PORT/" },
  { what: "a missing page", module: "plain", target: "http://127.0.0.1:PORT/missing" },
  { what: "a missing page that is wanted", module: "wants_404", target: "http://127.0.0.1:PORT/missing" },
  { what: "a redirect", module: "plain", target: "http://127.0.0.1:PORT/moved" },
  {
    what: "a redirect that is not followed",
    module: "no_redirects",
    target: "http://127.0.0.1:PORT/moved",
    // The other has closed the redirect's body unread by then, and so takes it for empty.
    differs: ["probe_http_uncompressed_body_length"],
  },
  { what: "a file with its time of modification", module: "plain", target: "http://127.0.0.1:PORT/dated" },
  { what: "a body that matches", module: "wants_well", target: "http://127.0.0.1:PORT/" },
  { what: "a body that does not match", module: "wants_ill", target: "http://127.0.0.1:PORT/" },
  { what: "a header that does not match", module: "wants_header", target: "http://127.0.0.1:PORT/" },
  { what: "a compressed page", module: "gzip", target: "http://127.0.0.1:PORT/long" },
  { what: "a page posted to", module: "post", target: "http://127.0.0.1:PORT/" },
  { what: "a page with a password", module: "password", target: "http://127.0.0.1:PORT/private" },
  { what: "plain HTTP where TLS is wanted", module: "wants_tls", target: "http://127.0.0.1:PORT/" },
  { what: "HTTP/2 over TLS", module: "authority", target: "https://127.0.0.2:PORT/" },
  { what: "HTTP/1.1 over TLS", module: "authority_http1", target: "https://127.0.0.2:PORT/" },
  { what: "an unknown authority", module: "plain", target: "https://127.0.0.2:PORT/" },
  { what: "TLS to a plain port", module: "plain", target: "https://127.0.0.1:PORT/" },
  { what: "a port where nothing listens", module: "plain", target: "http://127.0.0.1:1/" },
  { what: "a server that closes without an answer", module: "plain", target: "http://127.0.0.1:PORT/closed" },
];

/** Metrics whose values depend on the clock; all others must be equal. */
const OWN_VALUES: ReadonlySet<string> = new Set([
  "probe_duration_seconds",
  "probe_dns_lookup_time_seconds",
  "probe_http_duration_seconds",
]);

integrationTest("gives every metric that blackbox_exporter gives, with its help, its type and its value", {
  programs: ["prometheus-blackbox-exporter", "nginx", "openssl"],
  async body(stack, context) {
    const { certificate, key } = await selfSignedCertificate(stack);
    const nginx = await startNginx(stack, servers({ certificate, key }));
    const ours = await startStatusExporter(stack, modules(certificate));
    const theirs = await startBlackboxExporter(stack, ours.configurationFile);
    for (const { what, module, target, differs = [] } of CASES) {
      await context.test(what, async () => {
        const query = { module, target: target.replace("PORT", String(nginx.port)) };
        const expected = parseExposition(await askProbe(theirs.origin, query));
        const actual = parseExposition(await askProbe(ours.origin, query));
        assert.ok(expected.size >= 10, `blackbox_exporter gives only ${expected.size} metrics`);
        const own = OWN_VALUES.union(new Set(differs));
        assert.deepEqual(
          comparable(actual, { reference: expected, own }),
          comparable(expected, { reference: expected, own }),
        );
      });
    }
  },
});

const EXAMPLES = ["/etc/prometheus", "/usr/share/doc/prometheus-blackbox-exporter/examples"];

integrationTest("takes the configurations that come with blackbox_exporter as they are", {
  programs: ["prometheus-blackbox-exporter"],
  async body() {
    const files = EXAMPLES.flatMap(filesOf).filter((file) => /\/(blackbox|example)\.yml$/.test(file));
    assert.ok(files.length > 0, `found no configuration in ${EXAMPLES.join(", ")}`);
    for (const file of files) {
      const check = spawnSync(process.execPath, [MAIN, `--config.file=${file}`, "--config.check"], {
        encoding: "utf8",
      });
      assert.equal(check.status, 0, `${file}:\n${check.stdout}${check.stderr}`);
    }
  },
});

/** Of a folder that may be left out, as small installations do with documentation. */
function filesOf(directory: string): readonly string[] {
  const names = spawnSync("ls", [directory], { encoding: "utf8" }).stdout.split("\n");
  return names.filter((name) => name !== "").map((name) => `${directory}/${name}`);
}

function servers({ certificate, key }: { readonly certificate: string; readonly key: string }): string {
  const routes = `
    default_type text/plain;
    location = / { return 200 "All is well\\n"; }
    location = /moved { return 302 /; }
    location = /dated { add_header Last-Modified "Sat, 01 Feb 2025 03:04:05 GMT"; return 200 "dated"; }
    location = /long { gzip on; gzip_min_length 1; gzip_types text/plain; return 200 "${"long ".repeat(100)}"; }
    location = /private { if ($http_authorization != "Basic ${btoa("probe:hunter2")}") { return 401; } return 200 "in"; }
    location = /closed { return 444; }
    location / { return 404; }
  `;
  return `
    server { listen 127.0.0.1:PORT; ${routes} }
    server { listen 127.0.0.2:PORT ssl http2; ssl_certificate ${certificate}; ssl_certificate_key ${key}; ${routes} }
  `;
}

function modules(authority: string): string {
  return `
modules:
  plain: ${http("")}
  wants_404: ${http(", valid_status_codes: [404]")}
  no_redirects: ${http(", follow_redirects: false, valid_status_codes: [302]")}
  wants_well: ${http(', fail_if_body_not_matches_regexp: ["is (well|good)"]')}
  wants_ill: ${http(', fail_if_body_not_matches_regexp: ["is ill"]')}
  wants_header: ${http(', fail_if_header_not_matches: [{ header: Content-Type, regexp: "^image/" }]')}
  gzip: ${http(", compression: gzip, headers: { Accept-Encoding: gzip }")}
  post: ${http(", method: POST, body: hello")}
  password: ${http(", basic_auth: { username: probe, password: hunter2 }")}
  wants_tls: ${http(", fail_if_not_ssl: true")}
  authority: ${http(`, tls_config: { ca_file: ${authority} }`)}
  authority_http1: ${http(`, enable_http2: false, tls_config: { ca_file: ${authority} }`)}
`;
}

function http(settings: string): string {
  return `{ prober: http, timeout: 5s, http: { preferred_ip_protocol: ip4${settings} } }`;
}
