import assert from "node:assert/strict";
import { integrationTest } from "./support/integration-test.ts";
import { startNginx } from "./support/nginx.ts";
import { parseExposition } from "./support/parse-exposition.ts";
import { selfSignedCertificate } from "./support/self-signed-certificate.ts";
import { startStatusExporter } from "./support/status-exporter.ts";

/** As long as nginx takes a string in its configuration (4 KiB), nearly. */
const LONG = "long ".repeat(800);

/** Probes of nginx and what must come of them: outcome and some of the samples. */
const CASES = [
  {
    what: "a compressed page",
    module: "gzip",
    target: "http://127.0.0.1:PORT/long",
    outcome: "success",
    samples: {
      probe_http_uncompressed_body_length: LONG.length,
      probe_http_content_length: -1,
      probe_http_version: 1.1,
    },
  },
  {
    what: "HTTP/2 over TLS",
    module: "authority",
    target: "https://127.0.0.2:PORT/",
    outcome: "success",
    samples: { probe_http_version: 2, probe_http_ssl: 1, probe_http_status_code: 200 },
  },
  {
    what: "HTTP/2 over TLS with a compressed page",
    module: "authority_gzip",
    target: "https://127.0.0.2:PORT/long",
    outcome: "success",
    samples: { probe_http_version: 2, probe_http_uncompressed_body_length: LONG.length },
  },
  {
    what: "a certificate for another name",
    module: "authority",
    target: "https://127.0.0.3:PORT/",
    outcome: "tls/name-mismatch",
    samples: {},
  },
  {
    what: "a redirect from plain HTTP to TLS",
    module: "authority",
    target: "http://127.0.0.1:PORT/secure",
    outcome: "success",
    samples: { probe_http_redirects: 1, probe_http_ssl: 1, probe_http_version: 2 },
  },
  {
    what: "a redirect to itself without end",
    module: "authority",
    target: "http://127.0.0.1:PORT/circle",
    outcome: "redirect/too-many",
    samples: {},
  },
  {
    what: "the right password",
    module: "password",
    target: "http://127.0.0.1:PORT/private",
    outcome: "success",
    samples: { probe_http_status_code: 200 },
  },
  {
    what: "the right password behind a redirect to the same host",
    module: "password",
    target: "http://127.0.0.1:PORT/to-private",
    outcome: "success",
    samples: { probe_http_status_code: 200, probe_http_redirects: 1 },
  },
  {
    what: "a wrong password",
    module: "wrong_password",
    target: "http://127.0.0.1:PORT/private",
    outcome: "login/rejected",
    samples: { probe_http_status_code: 401 },
  },
  {
    what: "no password where one is wanted",
    module: "authority",
    target: "http://127.0.0.1:PORT/private",
    outcome: "content/status-not-allowed",
    samples: { probe_http_status_code: 401 },
  },
] as const;

integrationTest("probes nginx as it is used: compression, HTTP/2, TLS, redirects, passwords", {
  programs: ["nginx", "openssl"],
  async body(stack, context) {
    const { certificate, key } = await selfSignedCertificate(stack);
    const nginx = await startNginx(stack, servers({ certificate, key }));
    const exporter = await startStatusExporter(stack, modules(certificate));
    for (const { what, module, target, outcome, samples } of CASES) {
      await context.test(what, async () => {
        const answer = await exporter.probe(module, target.replace("PORT", String(nginx.port)));
        const families = parseExposition(answer);
        assert.match(answer, new RegExp(`^probe_outcome_info\\{outcome="${outcome}"`, "m"), answer);
        for (const [name, value] of Object.entries(samples)) {
          assert.equal(families.get(name)?.samples[0]?.value, value, `${name} in:\n${answer}`);
        }
      });
    }
  },
});

function servers({ certificate, key }: { readonly certificate: string; readonly key: string }): string {
  const routes = `
    default_type text/plain;
    gzip on; gzip_min_length 1; gzip_types text/plain;
    location = / { return 200 "All is well"; }
    location = /long { return 200 "${LONG}"; }
    location = /secure { return 301 https://127.0.0.2:PORT/; }
    location = /circle { return 302 /circle; }
    location = /to-private { return 302 $scheme://$http_host/private; }
    location = /private { if ($http_authorization != "Basic ${btoa("probe:hunter2")}") { return 401; } return 200 "in"; }
  `;
  const secure = `ssl_certificate ${certificate}; ssl_certificate_key ${key}; ${routes}`;
  return `
    server { listen 127.0.0.1:PORT; ${routes} }
    server { listen 127.0.0.2:PORT ssl http2; ${secure} }
    server { listen 127.0.0.3:PORT ssl http2; ${secure} }
  `;
}

function modules(authority: string): string {
  const trust = `tls_config: { ca_file: ${authority} }`;
  return `
modules:
  gzip: ${http("compression: gzip")}
  authority: ${http(trust)}
  authority_gzip: ${http(`compression: gzip, ${trust}`)}
  password: ${http("basic_auth: { username: probe, password: hunter2 }")}
  wrong_password: ${http("basic_auth: { username: probe, password: wrong }")}
`;
}

function http(settings: string): string {
  return `{ prober: http, timeout: 5s, http: { ${settings} } }`;
}
