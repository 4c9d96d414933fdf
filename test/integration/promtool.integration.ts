import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { integrationTest } from "./support/integration-test.ts";
import { startNginx } from "./support/nginx.ts";
import { selfSignedCertificate } from "./support/self-signed-certificate.ts";
import { startStatusExporter } from "./support/status-exporter.ts";

integrationTest("promtool finds nothing to object to in /probe, whatever the outcome, nor in /metrics", {
  programs: ["promtool", "nginx", "openssl"],
  async body(stack) {
    const { certificate, key } = await selfSignedCertificate(stack);
    const nginx = await startNginx(
      stack,
      `server { listen 127.0.0.1:PORT; ${ROUTES} }
       server { listen 127.0.0.2:PORT ssl; ssl_certificate ${certificate}; ssl_certificate_key ${key}; ${ROUTES} }`,
    );
    const exporter = await startStatusExporter(stack, MODULES);
    const secure = `https://127.0.0.2:${nginx.port}/`;
    const probes = [
      { module: "http_2xx", target: `${nginx.origin}/`, outcome: "success" },
      { module: "insecure", target: secure, outcome: "success" },
      { module: "http_2xx", target: secure, outcome: "tls/unknown-authority" },
      { module: "http_2xx", target: `${nginx.origin}/missing`, outcome: "content/status-not-allowed" },
      { module: "regexp", target: `${nginx.origin}/`, outcome: "content/missing" },
      { module: "cel", target: `${nginx.origin}/`, outcome: "content/missing" },
      { module: "http_2xx", target: "http://127.0.0.1:1/", outcome: "connect/refused" },
      { module: "http_2xx", target: "", outcome: "request/target-missing" },
      { module: "http_2xx", target: "ftp://127.0.0.1/", outcome: "request/unsupported-scheme" },
      { module: "no_such", target: `${nginx.origin}/`, outcome: "request/unknown-prober" },
    ];

    for (const { module, target, outcome } of probes) {
      const answer = await exporter.probe(module, target);
      assert.match(
        answer,
        new RegExp(`^probe_outcome_info\\{outcome="${outcome}"`, "m"),
        `${module} ${target}:\n${answer}`,
      );
      assert.equal(objections(answer), "", `${outcome}:\n${answer}`);
    }
    const metrics = await fetch(`${exporter.origin}/metrics`);
    assert.equal(objections(await metrics.text()), "");
  },
});

const ROUTES = "default_type application/json; location = / { return 200 '{}'; } location / { return 404; }";

const MODULES = `
modules:
  http_2xx: { prober: http, timeout: 5s }
  insecure: { prober: http, timeout: 5s, http: { tls_config: { insecure_skip_verify: true } } }
  regexp: { prober: http, timeout: 5s, http: { fail_if_body_not_matches_regexp: [absent] } }
  cel: { prober: http, timeout: 5s, http: { fail_if_body_json_not_matches_cel: "body.absent == 1" } }
`;

/** What `promtool check metrics` says about an exposition; nothing where it accepts it. */
function objections(exposition: string): string {
  const { status, stdout, stderr } = spawnSync("promtool", ["check", "metrics"], {
    input: exposition,
    encoding: "utf8",
  });
  return status === 0 ? "" : `exit code ${status}\n${stdout}${stderr}`;
}
