import assert from "node:assert/strict";
import { test } from "node:test";
import { loadConfiguration } from "../../src/config/load-configuration.ts";
import { PROBERS } from "../../src/probers/all.ts";

const MODULES = "modules:\n  web: { prober: tcp }\n  server: { prober: server }\n";

void test("services are read by name, in the order of the file", () => {
  const loaded = loadConfiguration(
    `${MODULES}services:
  - { name: shop, module: web, target: "shop.example.com:443", labels: { team: 007 } }
  - { name: alpha, module: web, target: "a:1", hostname: virtual, state: disabled }
`,
    PROBERS,
  );

  assert.ok(!("problems" in loaded));
  assert.deepEqual(
    [...loaded.services],
    [
      [
        "shop",
        {
          name: "shop",
          module: "web",
          target: "shop.example.com:443",
          hostname: "",
          labels: { team: "007" },
          state: "active",
        },
      ],
      ["alpha", { name: "alpha", module: "web", target: "a:1", hostname: "virtual", labels: {}, state: "disabled" }],
    ],
  );
});

void test("everything that is wrong with services and servers is named at once", () => {
  const problems = problemsOf(`${MODULES}services:
  - { name: shop, module: wbe, target: "a:1" }
  - { name: shop, module: web, target: "", state: off, colour: red }
  - { module: web, target: "a:1", labels: { module: a, __x: b, 1a: c } }
  - { name: host, module: server, target: web-2 }
servers:
  web-1: { token_sha256: abc, report_interval: 0s, thresholds: { cpu: 900%, bandwidth_in: fast } }
  db-1: { source: node_exporter, url: "ftp://x" }
  db-2: { url: "http://x" }
  db-3: { source: node_exporter, url: "http://x", report_interval: 30s, grace: 5s }
`);

  assert.deepEqual(problems.toSorted(), [
    'Cannot read servers.db-1.url: expected a URL such as "http://192.0.2.1:9100/metrics", found "ftp://x"',
    "Cannot read servers.db-2.token_sha256: expected the SHA-256 of the server's token, found nothing",
    'Cannot read servers.db-2.url: only "source: node_exporter" has a use for this key',
    "Cannot read servers.db-3.grace: a server that is asked sends no reports, so it has no use for this key",
    "Cannot read servers.db-3.report_interval: a server that is asked sends no reports, so it has no use for this key",
    'Cannot read servers.web-1.report_interval: expected more than no time, found "0s"',
    'Cannot read servers.web-1.thresholds.bandwidth_in: expected a rate such as "100Mbit/s" or "12.5MB/s", found "fast"',
    'Cannot read servers.web-1.thresholds.cpu: expected a percentage such as "90%", found "900%"',
    "Cannot read servers.web-1.token_sha256: expected the SHA-256 of the token as 64 hexadecimal digits, found <secret>",
    'Cannot read services[0].module: there is no module "wbe", did you mean "web"?',
    "Cannot read services[1].colour: unknown key",
    'Cannot read services[1].name: services[0] has the name "shop" already',
    'Cannot read services[1].state: expected one of active, created, disabled, found "off"',
    'Cannot read services[1].target: expected a target, found ""',
    'Cannot read services[2].labels.1a: expected a label name of letters, digits and underscores, found "c"',
    "Cannot read services[2].labels.__x: names that begin with two underscores are Prometheus' own",
    "Cannot read services[2].labels.module: this label is given by the exporter itself, choose another name",
    "Cannot read services[2].name: expected a string, found nothing",
    'Cannot read services[3].target: there is no server "web-2", did you mean "web-1"?',
  ]);
});

void test("the token's hash of a server is not shown, whatever the server is called", () => {
  const hash = "ab".repeat(32);
  const loaded = loadConfiguration(`${MODULES}servers:\n  token: { token_sha256: ${hash}, grace: 5s }\n`, PROBERS);

  assert.ok(!("problems" in loaded));
  assert.doesNotMatch(loaded.text(), /abab/);
  assert.match(loaded.text(), /token:\n +token_sha256: <secret>\n +grace: 5s/);
});

void test("a server's thresholds are read as shares and bytes per second", () => {
  const loaded = loadConfiguration(
    `${MODULES}servers:
  web-1:
    token_sha256: ${"0".repeat(64)}
    report_interval: 2m
    thresholds: { load: 8, cpu: 90%, memory: 0.5, storage: 85.5%, bandwidth_out: 100Mbit/s, bandwidth_in: 1.5MB/s }
`,
    PROBERS,
  );

  assert.ok(!("problems" in loaded));
  const settings = loaded.servers.get("web-1");
  assert.deepEqual(settings?.thresholds, {
    load: 8,
    cpu: 0.9,
    memory: 0.5,
    storage: 0.855,
    "bandwidth-out": 12_500_000,
    "bandwidth-in": 1_500_000,
  });
  assert.deepEqual([settings?.reportIntervalSeconds, settings?.graceSeconds], [120, 60]);
});

function problemsOf(text: string): readonly string[] {
  const loaded = loadConfiguration(text, PROBERS);
  return "problems" in loaded ? loaded.problems : [];
}
