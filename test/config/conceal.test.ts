import assert from "node:assert/strict";
import { test } from "node:test";
import { conceal, concealConfiguration } from "../../src/config/conceal.ts";
import { loadConfiguration } from "../../src/config/load-configuration.ts";
import { readYaml } from "../../src/config/read-yaml.ts";
import { writeYaml } from "../../src/config/write-yaml.ts";
import { SAMPLE_PROBERS } from "./sample-probers.ts";

/** Every place of the settings that can hold a secret, in each of the shapes that it can have. */
const SECRETS = `
http:
  basic_auth: { username: shown-user, password: MARK, password_file: /shown/password }
  authorization: { type: Bearer, credentials: MARK, credentials_file: /shown/credentials }
  bearer_token: MARK
  bearer_token_file: /shown/token
  oauth2:
    client_id: shown-client
    client_secret: MARK
    client_secret_file: /shown/secret
    client_certificate_key: MARK
    client_certificate_key_id: shown-key-id
    token_url: https://MARK:MARK@shown.example.com/token
    scopes: [shown-scope]
    endpoint_params: { resource: shown-resource, password: MARK, api_key: [MARK] }
    claims: { sub: shown-sub, private_token: MARK }
    proxy_url: socks5://user:MARK@shown-socks.example.com
    tls_config: { key: MARK, key_file: /shown/key }
  tls_config: { cert: shown-certificate, key: MARK, server_name: shown.example.com }
  proxy_url: http://user:MARK/MARK@shown-proxy.example.com:3128
  proxy_connect_header: { X-Anything: [MARK, MARK] }
  headers: { Authorization: MARK, cookie: MARK, X-Api-Key: MARK, X-Auth: MARK, Host: shown-host, "X-Session-Id": MARK }
  http_headers:
    X-Plain: { values: [shown-value], secrets: [MARK], files: [/shown/header] }
    X-Token: { values: [MARK], secrets: [MARK], files: [/shown/token-header] }
  body: user=MARK&password=MARK
  body_file: /shown/body
  cache_oauth2_token: true
  fail_if_body_matches_regexp: ["https://shown:MARK@example.com/?a=shown-query&access_token=MARK#shown-fragment"]
tcp:
  query_response:
    - expect: shown-expectation
    - send: PASS MARK
    - send_bytes: !!binary TUFSSw==
grpc: { metadata: { authorization: [MARK], x-plain: [shown-metadata] } }
websocket:
  headers: { Authorization: { values: [MARK], secrets: [MARK] } }
  http_config: { basic_auth: { password: [MARK] }, authorization: { credentials: { nested: MARK } } }
ftp: { username: shown-login, password: 12345678, passphrase: MARK }
some_future_token: MARK
`;

void test("conceals every secret and keeps everything else", () => {
  const yaml = readYaml(SECRETS);
  assert.ok("value" in yaml);
  const shown = writeYaml(conceal(yaml.value));
  assert.doesNotMatch(shown, /MARK|12345678|TUFSSw/u);
  const kept = new Set(SECRETS.match(/\/?shown[\w./-]*/gu));
  for (const word of kept) assert.ok(shown.includes(word), `${word} is missing from\n${shown}`);
  assert.match(shown, /cache_oauth2_token: true/u);
  assert.match(shown, /proxy_url: http:\/\/<secret>@shown-proxy\.example\.com:3128/u);
});

void test("a module's name is not taken for a secret", () => {
  const document = { modules: { token: { prober: "http" }, password: { http: { bearer_token: "MARK" } } } };
  assert.deepEqual(concealConfiguration(document), {
    modules: { token: { prober: "http" }, password: { http: { bearer_token: "<secret>" } } },
  });
});

void test("shows the configuration and each module as YAML that can be read again", () => {
  const text =
    "modules:\n  web:\n    prober: http\n    http:\n      basic_auth: { password: MARK }\n      headers: { A: 0010 }\n";
  const loaded = loadConfiguration(text, SAMPLE_PROBERS);
  assert.ok(!("problems" in loaded));
  assert.doesNotMatch(loaded.text(), /MARK/u);
  assert.ok(!("problems" in loadConfiguration(loaded.text(), SAMPLE_PROBERS)));
  assert.equal(
    loaded.moduleText("web"),
    "prober: http\nhttp:\n  basic_auth:\n    password: <secret>\n  headers:\n    A: '0010'\n",
  );
  assert.equal(loaded.moduleText("toString"), undefined);
});
