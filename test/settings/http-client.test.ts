import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { type HttpClientSettings, readHttpClient } from "../../src/settings/http-client.ts";
import { httpClientShape } from "../../src/settings/http-client-shape.ts";
import type { ProxyServer } from "../../src/settings/proxy-server.ts";
import { Secret } from "../../src/settings/secret.ts";
import { SecretFile } from "../../src/settings/secret-source.ts";

/** The shape as a protocol uses it, with an environment of its own. */
function schema(environment: Readonly<Record<string, string>> = {}): z.ZodType<HttpClientSettings> {
  return z.strictObject(httpClientShape).transform((raw, context) => readHttpClient(raw, { context, environment }));
}

function problemsOf(block: unknown, environment: Readonly<Record<string, string>> = {}): readonly string[] {
  const issues = schema(environment).safeParse(block).error?.issues ?? [];
  return issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`));
}

test("nothing configured is a client that follows redirects and speaks HTTP/2", () => {
  const settings = schema().parse({ basic_auth: null, tls_config: null, http_headers: null, proxy_url: "" });
  assert.deepEqual(
    [settings.credentials, settings.followRedirects, settings.enableHttp2, settings.proxy, settings.headers],
    [undefined, true, true, undefined, []],
  );
});

test("reads each kind of credentials", () => {
  const basic = schema().parse({ basic_auth: { username: "monitor", password_file: "/secret" } }).credentials;
  assert.ok(basic?.kind === "basic" && basic.username instanceof Secret && basic.password instanceof SecretFile);
  const bearer = schema().parse({ bearer_token: "hunter2" }).credentials;
  assert.ok(bearer?.kind === "authorization" && bearer.type === "Bearer" && bearer.credentials instanceof Secret);
  const custom = schema().parse({ authorization: { type: " Custom ", credentials_file: "/secret" } }).credentials;
  assert.ok(custom?.kind === "authorization" && custom.type === "Custom" && custom.credentials instanceof SecretFile);
  const { credentials } = schema().parse({ oauth2: { client_id: "id", token_url: "https://id.example/token" } });
  assert.ok(credentials?.kind === "oauth2" && credentials.oauth2.cacheToken);
  assert.equal(credentials.oauth2.tokenUrl.href, "https://id.example/token");
});

test("reads proxies: scheme, port, credentials, IPv6", () => {
  assert.deepEqual(server("http://proxy.example:3128"), {
    scheme: "http",
    host: "proxy.example",
    port: 3128,
    username: undefined,
    password: undefined,
  });
  assert.equal(server("proxy.example")?.port, 80);
  assert.equal(server("https://proxy.example")?.port, 443);
  assert.equal(server("socks5h://proxy.example")?.port, 1080);
  assert.equal(server("http://[2001:db8::1]:3128")?.host, "2001:db8::1");
  const named = server("http://us%65r:hunt%25r@proxy.example");
  assert.deepEqual([named?.username, named?.password?.reveal()], ["user", "hunt%r"]);
});

function server(proxy_url: string): ProxyServer | undefined {
  return schema().parse({ proxy_url }).proxy?.http;
}

test("takes proxies from the environment, upper case before lower", () => {
  const environment = { HTTP_PROXY: "http://one:1", http_proxy: "http://two:2", https_proxy: "three:3", NO_PROXY: "a" };
  const { proxy } = schema(environment).parse({ proxy_from_environment: true });
  assert.deepEqual([proxy?.http?.host, proxy?.https?.host, proxy?.noProxy], ["one", "three", "a"]);
  assert.equal(schema().parse({ proxy_from_environment: true }).proxy, undefined);
  assert.equal(schema(environment).parse({}).proxy, undefined);
});

test("names every contradiction", () => {
  const oauth2 = { client_id: "id", token_url: "http://id.example" };
  const grant_type = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  const cases: readonly (readonly [block: object, problem: string | RegExp])[] = [
    [{ bearer_token: "a", bearer_token_file: "b" }, "at most one of bearer_token and bearer_token_file may be set"],
    [
      { basic_auth: { password: "a", password_file: "b" } },
      "basic_auth: at most one of password and password_file may be set",
    ],
    [{ basic_auth: { username_ref: "a" } }, /basic_auth\.username_ref: secret managers.*username_file/],
    [{ basic_auth: { username: "a" }, bearer_token: "b" }, /^at most one of basic_auth, oauth2 and authorization/],
    [{ basic_auth: { username: "a" }, authorization: { credentials: "b" } }, /^at most one of basic_auth, oauth2/],
    [{ authorization: { credentials: "a", credentials_file: "b" } }, /^authorization: at most one/],
    [{ authorization: { credentials: "a" }, bearer_token: "b" }, /^authorization cannot be combined/],
    [{ authorization: { type: "BASIC", credentials: "a" } }, /^authorization\.type: .*basic_auth/],
    [{ authorization: { type: "two words", credentials: "a" } }, /^authorization\.type: expected/],
    [{ oauth2: { token_url: "http://id.example" } }, "oauth2.client_id: client_id must be set"],
    [{ oauth2: { client_id: "id" } }, "oauth2.token_url: token_url must be set"],
    [{ oauth2: { client_id: "id", token_url: "id.example" } }, "oauth2.token_url: expected an http:// or https:// URL"],
    [{ oauth2: { ...oauth2, client_secret: "a", client_secret_file: "b" } }, /^oauth2: at most one of client_secret/],
    [{ oauth2: { ...oauth2, grant_type: "password" } }, /^oauth2\.grant_type: expected client_credentials/],
    [{ oauth2: { ...oauth2, grant_type } }, /^oauth2: the jwt-bearer grant signs/],
    [
      { oauth2: { ...oauth2, grant_type, client_certificate_key: "a", signature_algorithm: "HS256" } },
      "oauth2.signature_algorithm: expected RS256, RS384 or RS512",
    ],
    [{ oauth2: { ...oauth2, no_proxy: "a" } }, "oauth2: no_proxy needs proxy_url"],
    [{ proxy_connect_header: { A: ["b"] } }, /^proxy_connect_header needs/],
    [{ proxy_from_environment: true, proxy_url: "http://a" }, /^proxy_url cannot be combined/],
    [{ proxy_from_environment: true, no_proxy: "a" }, /^no_proxy cannot be combined/],
    [{ no_proxy: "a" }, "no_proxy needs proxy_url"],
    [{ proxy_url: "ftp://a" }, /^proxy_url: expected/],
    [{ http_headers: { authorization: { values: ["a"] } } }, /^http_headers\.authorization: .*not allowed/],
    [{ http_headers: { "X-A": { values: ["a\nb"] } } }, /^http_headers\.X-A: .*line breaks/],
    [{ http_headers: { "X A": { values: ["a"] } } }, /^http_headers\.X A: expected the name/],
    [{ tls_config: { ca: "a", ca_file: "b" } }, /^tls_config: at most one/],
  ];
  for (const [block, problem] of cases) {
    const [first = "", ...more] = problemsOf(block);
    assert.ok(more.length <= 1, `${JSON.stringify(block)}: ${more.join("; ")}`);
    if (typeof problem === "string") assert.equal(first, problem);
    else assert.match(first, problem);
  }
});

test("names a variable of the environment that is no proxy", () => {
  const problems = problemsOf({ proxy_from_environment: true }, { HTTPS_PROXY: "gopher://a" });
  assert.deepEqual(problems, [
    "proxy_from_environment: the environment's HTTPS_PROXY is not the URL of an http, https or socks5 proxy",
  ]);
});

test("shows no secret when printed", () => {
  const settings = schema().parse({
    oauth2: {
      client_id: "id",
      client_secret: "hunter2",
      token_url: "http://id.example",
      proxy_url: "http://u:hunter2@p",
    },
    http_headers: { "X-Key": { secrets: ["hunter2"] } },
    proxy_url: "http://u:hunter2@p",
    proxy_connect_header: { "X-Key": ["hunter2"] },
  });
  assert.doesNotMatch(JSON.stringify(settings), /hunter2/);
});
