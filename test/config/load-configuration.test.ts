import assert from "node:assert/strict";
import { test } from "node:test";
import type { Configuration } from "../../src/config/configuration.ts";
import { loadConfiguration } from "../../src/config/load-configuration.ts";
import { warningsOf } from "../../src/config/warnings-of.ts";
import type { Network } from "../../src/network/network.ts";
import type { Module } from "../../src/probe/prober.ts";
import type { Services } from "../../src/probe/services.ts";
import { SAMPLE_PROBERS } from "./sample-probers.ts";

void test("reads a module with its options and its block", () => {
  const module = moduleOf(`
modules:
  web:
    prober: http
    timeout: 5s
    max_response_time: 1.5s
    internal_addresses: forbid
    resolver: [192.0.2.1, "192.0.2.1:5353", "[2001:db8::1]:53", "2001:db8::1"]
    http: { method: POST }
`);
  const { probe, ...rest } = module;
  assert.equal(typeof probe, "function");
  assert.deepEqual(rest, {
    name: "web",
    protocol: "http",
    timeoutSeconds: 5,
    maxResponseTimeSeconds: 1.5,
    internalAddresses: "forbid",
    resolver: ["192.0.2.1", "192.0.2.1:5353", "[2001:db8::1]:53", "2001:db8::1"],
    timeouts: { exchange: "exchange/timeout" },
  });
});

void test("a module needs nothing but its prober; a block without content keeps the defaults", async () => {
  for (const block of ["", "\n    http:", "\n    http: {}", "\n    http: { method: }"]) {
    const module = moduleOf(`modules:\n  web:\n    prober: http${block}\n`);
    assert.equal(await settingsOf(module), '{"method":"GET"}', block);
    assert.equal(module.timeoutSeconds, undefined);
    assert.equal(module.internalAddresses, "allow");
    assert.deepEqual(module.resolver, []);
  }
});

void test("a timeout of zero or less counts as unset", () => {
  assert.equal(moduleOf("modules: { web: { prober: http, timeout: 0s } }").timeoutSeconds, undefined);
  assert.equal(moduleOf("modules: { web: { prober: http, timeout: -1s } }").timeoutSeconds, undefined);
});

void test("names every problem at once, with path, expectation and finding", () => {
  const problems = problemsOf(`
modules:
  web:
    prober: http
    timeout: 5
    resolver: [dns.example.com]
    internal_addresses: maybe
    http:
      metod: POST
      valid_status_codes: [200, 2xx]
      fail_if_body_matches_regexp: ["(?=a)"]
      source_ip_address: eth0
      tls_config: { insecure_skip_verify: perhaps }
  "odd.name":
    prober: gopher
  empty:
  names:
    prober: dns
  list: [1]
module: {}
`);
  assert.deepEqual(problems.toSorted(), [
    'Cannot read module: unknown key, did you mean "modules"?',
    'Cannot read modules."odd.name".prober: expected one of http, tls, tcp, unix, udp, icmp, dns, smtp, pop3, imap, ftp, websocket, grpc, domain, server, found "gopher"',
    "Cannot read modules.empty: expected a mapping, found nothing",
    "Cannot read modules.list: expected a mapping, found a list",
    "Cannot read modules.names.dns.query_name: expected a string, found nothing",
    'Cannot read modules.web.http.fail_if_body_matches_regexp[0]: expected a regular expression of the RE2 dialect, which has no lookaround and no backreferences (invalid or unsupported Perl syntax: `(?=`), found "(?=a)"',
    'Cannot read modules.web.http.metod: unknown key, did you mean "method"?',
    'Cannot read modules.web.http.source_ip_address: expected an IP address, found "eth0"',
    'Cannot read modules.web.http.tls_config.insecure_skip_verify: expected true or false, found "perhaps"',
    'Cannot read modules.web.http.valid_status_codes[1]: expected a whole number, found "2xx"',
    'Cannot read modules.web.internal_addresses: expected "allow" or "forbid", found "maybe"',
    'Cannot read modules.web.resolver[0]: expected a DNS server such as "192.0.2.1" or "[2001:db8::1]:5353", found "dns.example.com"',
    'Cannot read modules.web.timeout: expected a duration such as "5s", found 5',
  ]);
});

void test("validates the blocks that the module's prober does not use", () => {
  assert.deepEqual(problemsOf("modules: { web: { prober: http, dns: { query_type: A } } }"), [
    "Cannot read modules.web.dns.query_name: expected a string, found nothing",
  ]);
});

void test("never quotes a secret in a problem", () => {
  const problems = problemsOf(`
modules:
  web:
    prober: http
    http:
      basic_auth: { username: [https://user:s3cret@example.com], password: [s3cret], pasword: s3cret }
      tls_config: { key: { a: s3cret } }
      headers: { Authorization: [s3cret] }
`);
  assert.equal(problems.length, 5);
  assert.doesNotMatch(problems.join("\n"), /s3cret/u);
  assert.ok(problems.includes("Cannot read modules.web.http.tls_config.key: expected a string, found <secret>"));
});

void test("keeps scalars as they were written where text is wanted", async () => {
  const module = moduleOf(`
modules:
  web:
    prober: http
    http: { method: 0010, headers: { A: 1.10, B: yes, C: 12345, D: ~, E: True, F: 2024-01-01, G: !!binary aGk= } }
`);
  assert.deepEqual(JSON.parse(await settingsOf(module)), {
    method: "0010",
    headers: { A: "1.10", B: "yes", C: "12345", D: "", E: "True", F: "2024-01-01", G: "hi" },
  });
});

void test("knows anchors and merge keys", async () => {
  const configuration = load(`
modules:
  base: &base
    prober: http
    timeout: 1s
    http: &http { method: PUT }
  other:
    <<: *base
    timeout: 2s
  third: { prober: http, http: { <<: *http, valid_status_codes: [204] } }
`);
  assert.equal(configuration.modules.get("other")?.timeoutSeconds, 2);
  const third = configuration.modules.get("third");
  assert.ok(third);
  assert.deepEqual(JSON.parse(await settingsOf(third)), { method: "PUT", valid_status_codes: [204] });
});

void test("says where the YAML itself is broken, without showing the line", () => {
  const problems = problemsOf('modules:\n  web:\n    prober: http\n    password: "s3cret\n');
  assert.match(problems.join("\n"), /^Cannot read the configuration: line \d+, column \d+: /u);
  assert.doesNotMatch(problems.join("\n"), /s3cret/u);
  assert.match(problemsOf("modules: {}\nmodules: {}\n").join(), /line 2, column 1: duplicated mapping key/u);
});

void test("refuses an empty file and more than one document", () => {
  for (const text of ["", "# only a comment\n", "---\n", "~"]) {
    assert.deepEqual(problemsOf(text), ["Cannot read the configuration: the file is empty"], text);
  }
  assert.deepEqual(problemsOf("modules: {}\n---\nmodules: {}\n"), [
    "Cannot read the configuration: expected one YAML document, found 2",
  ]);
  assert.deepEqual(problemsOf("[1]"), ["Cannot read the configuration: expected a mapping, found a list"]);
  assert.deepEqual(problemsOf("{}"), ["Cannot read modules: expected a mapping, found nothing"]);
});

void test("bounds aliases, nesting and recursion", { timeout: 20_000 }, () => {
  const levels = Array.from({ length: 30 }, (_, index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}]`);
  assert.match(
    problemsOf(`a0: &a0 [lol]\n${levels.join("\n")}\n`).join(),
    /expected at most 67108864 bytes when aliases are expanded/u,
  );
  assert.match(problemsOf(`modules: ${"[".repeat(65)}${"]".repeat(65)}`).join(), /Cannot read the configuration: /u);
  const chain = Array.from({ length: 5000 }, (_, index) => `b${index + 1}: &b${index + 1} [*b${index}]`);
  assert.match(problemsOf(`b0: &b0 [x]\n${chain.join("\n")}\n`).join(), /expected at most 64 levels of nesting/u);
  assert.match(problemsOf("modules: &m { web: *m }").join(), /Cannot read the configuration: /u);
  assert.match(problemsOf("modules: { __proto__: { prober: http } }").join(), /"__proto__" is not supported/u);
});

void test("shows at most a hundred problems", () => {
  const codes = Array.from({ length: 300 }, () => "x").join(", ");
  const problems = problemsOf(`modules: { web: { prober: http, http: { valid_status_codes: [${codes}] } } }`);
  assert.equal(problems.length, 101);
  assert.equal(problems.at(-1), "And 200 more problems");
});

void test("warns of a limit that has no effect on the protocol", () => {
  const configuration = load("modules: { names: { prober: domain, max_response_time: 1s } }");
  assert.ok(configuration.warnings.includes("modules.names.max_response_time: has no effect on domain"));
});

void test("warns of the block of another prober", () => {
  const configuration = load("modules: { web: { prober: http, tcp: { tls: true } } }");
  assert.deepEqual(configuration.warnings, ["modules.web.tcp: has no effect on a module of the prober http"]);
});

for (const [prober, block, warning] of [
  ["ftp", { upload_size: "4MB" }, "upload_size: has no effect without upload"],
  ["ftp", { upload: false, upload_size: "4MB" }, "upload_size: has no effect without upload"],
  ["ftp", { upload: true, upload_size: "4MB" }, undefined],
  ["ftp", { download: "", download_limit: "4MB" }, "download_limit: has no effect without download"],
  ["imap", { mailbox: "Quarantine" }, "mailbox: has no effect without username"],
  ["imap", { mailbox: "Quarantine", username: "prober", password: "secret" }, undefined],
  ["pop3", { plaintext_login: "allow" }, "plaintext_login: has no effect without username"],
  ["smtp", { auth_method: "plain" }, "auth_method: has no effect without username"],
] as const) {
  void test(`warns of what has no effect alone: ${prober} ${JSON.stringify(block)}`, () => {
    const configuration = load(JSON.stringify({ modules: { case: { prober, [prober]: block } } }));
    assert.deepEqual(configuration.warnings, warning === undefined ? [] : [`modules.case.${prober}.${warning}`]);
  });
}

void test("warns of settings for TLS where TLS is not spoken", () => {
  const tls_config = { server_name: "a.example" };
  const warnings = warningsOf({
    modules: {
      plain: { prober: "tcp", tcp: { tls_config, query_response: [{ expect: "x" }] } },
      secure: { prober: "tcp", tcp: { tls_config, tls: true } },
      later: { prober: "unix", unix: { tls_config, query_response: [{ starttls: true }] } },
      names: { prober: "dns", dns: { tls_config, dns_over_tls: false } },
      private_names: { prober: "dns", dns: { tls_config, dns_over_https: true } },
      page: { prober: "http", http: { tls_config } },
    },
  });
  assert.deepEqual(warnings, [
    "modules.plain.tcp.tls_config: has no effect without tls",
    "modules.names.dns.tls_config: has no effect without dns_over_tls or dns_over_https",
  ]);
});

void test("warns of what has no effect on a Unix socket", () => {
  const configuration = load(
    "modules: { web: { prober: unix, internal_addresses: forbid, resolver: 192.0.2.53, timeout: 1s } }",
  );
  assert.deepEqual(configuration.warnings, [
    "modules.web.internal_addresses: has no effect on unix",
    "modules.web.resolver: has no effect on unix",
  ]);
});

void test("warns of an address family that is read as IPv4", () => {
  const configuration = load("modules: { web: { prober: http, http: { preferred_ip_protocol: ipv6 } } }");
  assert.deepEqual(configuration.warnings, [
    'modules.web.http.preferred_ip_protocol: "ipv6" is read as "ip4"; expected "ip4" or "ip6"',
  ]);
});

function load(text: string): Configuration {
  const loaded = loadConfiguration(text, SAMPLE_PROBERS);
  assert.ok(!("problems" in loaded), "problems" in loaded ? loaded.problems.join("\n") : "");
  return loaded;
}

function problemsOf(text: string): readonly string[] {
  const loaded = loadConfiguration(text, SAMPLE_PROBERS);
  assert.ok("problems" in loaded);
  return loaded.problems;
}

function moduleOf(text: string): Module {
  const [module] = load(text).modules.values();
  assert.ok(module);
  return module;
}

/** What the sample prober saw of its settings. */
async function settingsOf(module: Module): Promise<string> {
  try {
    await run(module);
  } catch (error) {
    if (error instanceof Error && "detail" in error && typeof error.detail === "string") return error.detail;
    throw error;
  }
  throw new Error("The sample prober did not answer");
}

async function run(module: Module): Promise<void> {
  await module.probe("target", {
    module,
    hostname: undefined,
    get network(): Network {
      return never();
    },
    get services(): Services {
      return never();
    },
    signal: new AbortController().signal,
    during: never,
    measure: never,
    withdraw: never,
    noteHttpStatus: never,
    noteResponseTime: never,
    noteWait: never,
    secondsLeft: never,
    elapsedSeconds: never,
    log: never,
  });
}

function never(): never {
  throw new Error("The sample probers use nothing of their context");
}
