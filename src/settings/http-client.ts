import { z } from "zod";
import { DEFAULT_TLS_SETTINGS, type TlsSettings } from "../network/tls-settings.ts";
import { Secret, secret } from "./secret.ts";
import { type SecretSource, secretSource } from "./secret-source.ts";
import { text } from "./text.ts";
import { tlsConfig } from "./tls-config.ts";
import { yamlBoolean } from "./yaml-boolean.ts";

/** What the Prometheus family's HTTP clients share, decoded: credentials, TLS, redirects, proxies, extra headers. */
export interface HttpClientSettings {
  readonly credentials: HttpCredentials | undefined;
  readonly tls: TlsSettings;
  readonly followRedirects: boolean;
  readonly enableHttp2: boolean;
  readonly proxy: ProxySettings | undefined;
  /** Sent to the proxy with CONNECT only. */
  readonly proxyConnectHeaders: readonly (readonly [name: string, values: readonly Secret[]])[];
  readonly headers: readonly ExtraHeader[];
}

/** How to log in to the target. */
export type HttpCredentials =
  | { readonly kind: "basic"; readonly username: SecretSource | undefined; readonly password: SecretSource | undefined }
  | { readonly kind: "authorization"; readonly type: string; readonly credentials: SecretSource }
  | { readonly kind: "oauth2"; readonly oauth2: OAuth2Settings };

/** Where to get a token from, and how (RFC 6749 §4.4, RFC 7523 §2.1). */
export interface OAuth2Settings {
  readonly grant: "client-credentials" | "jwt-bearer";
  readonly clientId: string;
  readonly clientSecret: SecretSource | undefined;
  /** PEM text of the key that signs the assertion of a `jwt-bearer` grant. */
  readonly signingKey: SecretSource | undefined;
  readonly signingKeyId: string;
  readonly signatureAlgorithm: "RS256" | "RS384" | "RS512";
  readonly issuer: string;
  readonly audience: string;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly scopes: readonly string[];
  readonly tokenUrl: URL;
  readonly endpointParameters: Readonly<Record<string, string>>;
  readonly tls: TlsSettings;
  readonly proxy: ProxySettings | undefined;
  readonly proxyConnectHeaders: HttpClientSettings["proxyConnectHeaders"];
  /** Whether a token serves all probes until shortly before it expires, rather than one probe. */
  readonly cacheToken: boolean;
}

export interface ProxyServer {
  readonly scheme: "http" | "https" | "socks5";
  readonly host: string;
  readonly port: number;
  readonly username: string | undefined;
  readonly password: Secret | undefined;
}

/** Which proxy serves which scheme. */
export interface ProxySettings {
  readonly http: ProxyServer | undefined;
  readonly https: ProxyServer | undefined;
  /** Hosts to reach directly, in the syntax of NO_PROXY; undefined where the proxy serves every host, loopback too. */
  readonly noProxy: string | undefined;
}

/** A header of `http_headers`: every value is sent. */
export interface ExtraHeader {
  readonly name: string;
  readonly values: readonly string[];
  readonly secrets: readonly SecretSource[];
}

const proxyShape = {
  proxy_url: text.optional(),
  no_proxy: text.optional(),
  proxy_from_environment: yamlBoolean.optional(),
  proxy_connect_header: z.record(z.string(), z.array(secret)).nullish(),
};

const oauth2 = z.strictObject({
  client_id: text.optional(),
  client_secret: secret.optional(),
  client_secret_file: text.optional(),
  client_secret_ref: text.optional(),
  client_certificate_key_id: text.optional(),
  client_certificate_key: secret.optional(),
  client_certificate_key_file: text.optional(),
  client_certificate_key_ref: text.optional(),
  grant_type: text.optional(),
  signature_algorithm: text.optional(),
  iss: text.optional(),
  audience: text.optional(),
  claims: z.record(z.string(), z.unknown()).nullish(),
  scopes: z.array(text).nullish(),
  token_url: text.optional(),
  endpoint_params: z.record(z.string(), text).nullish(),
  tls_config: tlsConfig.nullish(),
  ...proxyShape,
});

/** The keys of a client; spread into the strict object of a protocol's settings, then read by `readHttpClient`. */
export const httpClientShape = {
  basic_auth: z
    .strictObject({
      username: text.optional(),
      username_file: text.optional(),
      username_ref: text.optional(),
      password: secret.optional(),
      password_file: text.optional(),
      password_ref: text.optional(),
    })
    .nullish(),
  authorization: z
    .strictObject({
      type: text.optional(),
      credentials: secret.optional(),
      credentials_file: text.optional(),
      credentials_ref: text.optional(),
    })
    .nullish(),
  oauth2: oauth2.nullish(),
  cache_oauth2_token: yamlBoolean.optional(),
  bearer_token: secret.optional(),
  bearer_token_file: text.optional(),
  tls_config: tlsConfig.nullish(),
  follow_redirects: yamlBoolean.optional(),
  enable_http2: yamlBoolean.optional(),
  http_headers: z
    .record(
      z.string(),
      z.strictObject({
        values: z.array(text).nullish(),
        secrets: z.array(secret).nullish(),
        files: z.array(text).nullish(),
      }),
    )
    .nullish(),
  ...proxyShape,
};

const httpClient = z.strictObject(httpClientShape);
type RawHttpClient = z.output<typeof httpClient>;
type RawOAuth2 = z.output<typeof oauth2>;
type RawProxy = Pick<RawHttpClient, keyof typeof proxyShape>;

type Environment = Readonly<Record<string, string | undefined>>;
type Path = readonly string[];

interface Problem {
  readonly path: Path;
  readonly message: string;
}

/**
 * The client that these keys describe. Everything that contradicts itself is added to `context` as an issue of its own;
 * `environment` is where `proxy_from_environment` looks, read once.
 */
export function readHttpClient(
  raw: RawHttpClient,
  { context, environment = process.env }: { readonly context: z.RefinementCtx; readonly environment?: Environment },
): HttpClientSettings {
  for (const { path, message } of problemsOf(raw, environment)) {
    context.addIssue({ code: "custom", path: [...path], message });
  }
  return {
    credentials: credentialsOf(raw, environment),
    tls: raw.tls_config ?? DEFAULT_TLS_SETTINGS,
    followRedirects: raw.follow_redirects ?? true,
    enableHttp2: raw.enable_http2 ?? true,
    proxy: proxyOf(raw, environment),
    proxyConnectHeaders: Object.entries(raw.proxy_connect_header ?? {}),
    headers: extraHeaders(raw),
  };
}

function credentialsOf(raw: RawHttpClient, environment: Environment): HttpCredentials | undefined {
  if (raw.basic_auth) {
    const { username, username_file, password, password_file } = raw.basic_auth;
    return {
      kind: "basic",
      username: secretSource(username === undefined ? undefined : new Secret(username), username_file),
      password: secretSource(password, password_file),
    };
  }
  if (raw.oauth2) return { kind: "oauth2", oauth2: readOAuth2(raw.oauth2, { raw, environment }) };
  const bearer = secretSource(raw.bearer_token, raw.bearer_token_file);
  const credentials = secretSource(raw.authorization?.credentials, raw.authorization?.credentials_file) ?? bearer;
  if (credentials === undefined) return undefined;
  return { kind: "authorization", type: authorizationType(raw), credentials };
}

function authorizationType(raw: RawHttpClient): string {
  const type = raw.authorization?.type?.trim() ?? "";
  return type === "" ? "Bearer" : type;
}

function readOAuth2(
  block: RawOAuth2,
  { raw, environment }: { readonly raw: RawHttpClient; readonly environment: Environment },
): OAuth2Settings {
  const algorithm = SIGNATURE_ALGORITHMS.find((name) => name === block.signature_algorithm);
  return {
    grant: block.grant_type === JWT_BEARER ? "jwt-bearer" : "client-credentials",
    clientId: block.client_id ?? "",
    clientSecret: secretSource(block.client_secret, block.client_secret_file),
    signingKey: secretSource(block.client_certificate_key, block.client_certificate_key_file),
    signingKeyId: block.client_certificate_key_id ?? "",
    signatureAlgorithm: algorithm ?? "RS256",
    issuer: block.iss ?? "",
    audience: block.audience ?? "",
    claims: block.claims ?? {},
    scopes: block.scopes ?? [],
    tokenUrl: httpUrl(block.token_url ?? "") ?? new URL(UNREADABLE_URL),
    endpointParameters: block.endpoint_params ?? {},
    tls: block.tls_config ?? DEFAULT_TLS_SETTINGS,
    proxy: proxyOf(block, environment),
    proxyConnectHeaders: Object.entries(block.proxy_connect_header ?? {}),
    cacheToken: raw.cache_oauth2_token ?? true,
  };
}

/** RFC 7523 §2.1. */
const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const SIGNATURE_ALGORITHMS = ["RS256", "RS384", "RS512"] as const;
/** Stands in where a URL did not parse, which is an issue of its own and so never dialled. */
const UNREADABLE_URL = "http://unreadable.invalid";

function extraHeaders(raw: RawHttpClient): readonly ExtraHeader[] {
  return Object.entries(raw.http_headers ?? {}).map(([name, { values, secrets, files }]) => ({
    name,
    values: values ?? [],
    secrets: [
      ...(secrets ?? []),
      ...(files ?? []).map((file) => secretSource(undefined, file)).filter((source) => source !== undefined),
    ],
  }));
}

function proxyOf(raw: RawProxy, environment: Environment): ProxySettings | undefined {
  if (raw.proxy_from_environment === true) {
    const proxy = environmentProxy(environment);
    return proxy.http === undefined && proxy.https === undefined ? undefined : proxy;
  }
  const server = proxyServer(raw.proxy_url ?? "");
  return server && { http: server, https: server, noProxy: isSet(raw.no_proxy) ? raw.no_proxy : undefined };
}

function environmentProxy(environment: Environment): ProxySettings {
  return {
    http: proxyServer(variable(environment, "HTTP_PROXY")),
    https: proxyServer(variable(environment, "HTTPS_PROXY")),
    noProxy: variable(environment, "NO_PROXY"),
  };
}

/** Upper case wins over lower case, as in the programs that introduced these variables to Go's world. */
function variable(environment: Environment, name: string): string {
  const upper = environment[name] ?? "";
  return upper === "" ? (environment[name.toLowerCase()] ?? "") : upper;
}

/** The server of a proxy URL; a text without scheme is an HTTP proxy. Undefined where there is none or it is no such URL. */
function proxyServer(value: string): ProxyServer | undefined {
  if (value === "") return undefined;
  const written = value.includes("://") ? value : `http://${value}`;
  const url = URL.canParse(written) ? new URL(written) : undefined;
  const scheme = PROXY_SCHEMES.get(url?.protocol ?? "");
  if (url === undefined || scheme === undefined || url.hostname === "") return undefined;
  return {
    scheme: scheme.name,
    host: url.hostname.replace(/^\[(.*)\]$/u, "$1"),
    port: url.port === "" ? scheme.port : Number(url.port),
    username: url.username === "" ? undefined : decodeUserinfo(url.username),
    password: url.password === "" ? undefined : new Secret(decodeUserinfo(url.password)),
  };
}

const PROXY_SCHEMES: ReadonlyMap<string, { readonly name: ProxyServer["scheme"]; readonly port: number }> = new Map([
  ["http:", { name: "http", port: 80 }],
  ["https:", { name: "https", port: 443 }],
  ["socks5:", { name: "socks5", port: 1080 }],
  ["socks5h:", { name: "socks5", port: 1080 }],
]);

/** Percent-decodes; a text with a stray `%` stands for itself. */
function decodeUserinfo(value: string): string {
  return /%(?![0-9a-f]{2})/iu.test(value) ? value : new TextDecoder().decode(percentDecoded(value));
}

function percentDecoded(value: string): Uint8Array {
  const latin1 = value.replace(/%([0-9a-f]{2})/giu, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(latin1, "latin1");
}

function httpUrl(value: string): URL | undefined {
  if (!/^https?:\/\/[^/?#]/iu.test(value) || !URL.canParse(value)) return undefined;
  return new URL(value);
}

function problemsOf(raw: RawHttpClient, environment: Environment): readonly Problem[] {
  return [
    ...bearerProblems(raw),
    ...basicAuthProblems(raw),
    ...authorizationProblems(raw),
    ...oauth2Problems(raw.oauth2 ?? undefined),
    ...credentialKindProblems(raw),
    ...proxyProblems(raw, { path: [], environment }),
    ...(raw.oauth2 ? proxyProblems(raw.oauth2, { path: ["oauth2"], environment }) : []),
    ...headerProblems(raw),
  ];
}

function bearerProblems(raw: RawHttpClient): readonly Problem[] {
  const both = filled(raw.bearer_token) && isSet(raw.bearer_token_file);
  return both ? [{ path: [], message: "at most one of bearer_token and bearer_token_file may be set" }] : [];
}

function basicAuthProblems(raw: RawHttpClient): readonly Problem[] {
  const block = raw.basic_auth;
  if (!block) return [];
  const path = ["basic_auth"];
  return [
    ...atMostOne(path, { username: isSet(block.username), username_file: isSet(block.username_file) }),
    ...atMostOne(path, { password: filled(block.password), password_file: isSet(block.password_file) }),
    ...noReference(path, { username_ref: block.username_ref, password_ref: block.password_ref }),
  ];
}

function authorizationProblems(raw: RawHttpClient): readonly Problem[] {
  const block = raw.authorization;
  if (!block) return [];
  const path = ["authorization"];
  const problems: Problem[] = [
    ...atMostOne(path, { credentials: filled(block.credentials), credentials_file: isSet(block.credentials_file) }),
    ...noReference(path, { credentials_ref: block.credentials_ref }),
  ];
  if (filled(raw.bearer_token) || isSet(raw.bearer_token_file)) {
    problems.push({ path: [], message: "authorization cannot be combined with bearer_token and bearer_token_file" });
  }
  if (block.type?.trim().toLowerCase() === "basic") {
    problems.push({ path: [...path, "type"], message: 'the type cannot be "basic"; use basic_auth instead' });
  }
  if (block.type !== undefined && !/^[!#$%&'*+.^_`|~0-9a-z-]*$/iu.test(block.type.trim())) {
    problems.push({ path: [...path, "type"], message: 'expected the name of a scheme such as "Bearer"' });
  }
  return problems;
}

function oauth2Problems(block: RawOAuth2 | undefined): readonly Problem[] {
  if (block === undefined) return [];
  const path = ["oauth2"];
  return [
    ...(isSet(block.client_id) ? [] : [{ path: [...path, "client_id"], message: "client_id must be set" }]),
    ...tokenUrlProblems(block),
    ...grantProblems(block),
    ...atMostOne(path, {
      client_secret: filled(block.client_secret),
      client_secret_file: isSet(block.client_secret_file),
    }),
    ...atMostOne(path, {
      client_certificate_key: filled(block.client_certificate_key),
      client_certificate_key_file: isSet(block.client_certificate_key_file),
    }),
    ...noReference(path, {
      client_secret_ref: block.client_secret_ref,
      client_certificate_key_ref: block.client_certificate_key_ref,
    }),
  ];
}

function tokenUrlProblems(block: RawOAuth2): readonly Problem[] {
  const path = ["oauth2", "token_url"];
  if (!isSet(block.token_url)) return [{ path, message: "token_url must be set" }];
  return httpUrl(block.token_url) === undefined ? [{ path, message: "expected an http:// or https:// URL" }] : [];
}

function grantProblems(block: RawOAuth2): readonly Problem[] {
  const problems: Problem[] = [];
  const grant = isSet(block.grant_type) ? block.grant_type : "client_credentials";
  if (grant !== "client_credentials" && grant !== JWT_BEARER) {
    problems.push({ path: ["oauth2", "grant_type"], message: `expected client_credentials or ${JWT_BEARER}` });
  }
  const keyed = filled(block.client_certificate_key) || isSet(block.client_certificate_key_file);
  if (grant === JWT_BEARER && !keyed) {
    const message = "the jwt-bearer grant signs its request: set client_certificate_key or client_certificate_key_file";
    problems.push({ path: ["oauth2"], message });
  }
  const algorithm = block.signature_algorithm ?? "";
  if (algorithm !== "" && !SIGNATURE_ALGORITHMS.some((name) => name === algorithm)) {
    problems.push({ path: ["oauth2", "signature_algorithm"], message: "expected RS256, RS384 or RS512" });
  }
  return problems;
}

function credentialKindProblems(raw: RawHttpClient): readonly Problem[] {
  const bearer = filled(raw.bearer_token) || isSet(raw.bearer_token_file);
  const kinds = {
    basic_auth: Boolean(raw.basic_auth),
    oauth2: Boolean(raw.oauth2),
    "authorization (or bearer_token)": Boolean(raw.authorization) || bearer,
  };
  return atMostOne([], kinds);
}

function proxyProblems(
  raw: RawProxy,
  { path, environment }: { readonly path: Path; readonly environment: Environment },
): readonly Problem[] {
  const problems: Problem[] = [];
  const url = raw.proxy_url ?? "";
  const fromEnvironment = raw.proxy_from_environment === true;
  if (raw.proxy_connect_header && url === "" && !fromEnvironment) {
    problems.push({ path, message: "proxy_connect_header needs proxy_url or proxy_from_environment" });
  }
  if (fromEnvironment && url !== "") {
    problems.push({ path, message: "proxy_url cannot be combined with proxy_from_environment" });
  }
  if (fromEnvironment && isSet(raw.no_proxy)) {
    problems.push({ path, message: "no_proxy cannot be combined with proxy_from_environment" });
  }
  if (isSet(raw.no_proxy) && url === "" && !fromEnvironment)
    problems.push({ path, message: "no_proxy needs proxy_url" });
  if (url !== "" && proxyServer(url) === undefined) {
    problems.push({ path: [...path, "proxy_url"], message: "expected the URL of an http, https or socks5 proxy" });
  }
  return fromEnvironment ? [...problems, ...environmentProblems(path, environment)] : problems;
}

function environmentProblems(path: Path, environment: Environment): readonly Problem[] {
  return ["HTTP_PROXY", "HTTPS_PROXY"]
    .filter((name) => variable(environment, name) !== "" && proxyServer(variable(environment, name)) === undefined)
    .map((name) => ({
      path: [...path, "proxy_from_environment"],
      message: `the environment's ${name} is not the URL of an http, https or socks5 proxy`,
    }));
}

function headerProblems(raw: RawHttpClient): readonly Problem[] {
  return Object.entries(raw.http_headers ?? {}).flatMap(([name, { values, secrets }]) => {
    const path = ["http_headers", name];
    if (RESERVED_HEADERS.has(name.toLowerCase())) {
      return [{ path, message: `the header ${JSON.stringify(name)} is set by other keys and not allowed here` }];
    }
    if (!HEADER_NAME.test(name)) return [{ path, message: "expected the name of a header" }];
    const broken = [...(values ?? []), ...(secrets ?? []).map((value) => value.reveal())].some(
      (value) => !HEADER_VALUE.test(value),
    );
    return broken ? [{ path, message: "expected values without line breaks and control characters" }] : [];
  });
}

/** RFC 9110 §5.6.2. */
export const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/iu;
/** RFC 9110 §5.5: visible characters, spaces and tabs; bytes above ASCII are let through as Latin-1. */
export const HEADER_VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/u;

const RESERVED_HEADERS: ReadonlySet<string> = new Set([
  "authorization",
  "host",
  "content-encoding",
  "content-length",
  "content-type",
  "user-agent",
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "www-authenticate",
  "accept-encoding",
  "x-prometheus-remote-write-version",
  "x-prometheus-remote-read-version",
  "x-prometheus-scrape-timeout-seconds",
  "x-amz-date",
  "x-amz-security-token",
  "x-amz-content-sha256",
]);

function atMostOne(path: Path, given: Readonly<Record<string, boolean>>): readonly Problem[] {
  const set = Object.keys(given).filter((key) => given[key] === true);
  const names = Object.keys(given);
  const list = `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
  return set.length > 1 ? [{ path, message: `at most one of ${list} may be set` }] : [];
}

function noReference(path: Path, given: Readonly<Record<string, string | undefined>>): readonly Problem[] {
  return Object.keys(given)
    .filter((key) => isSet(given[key]))
    .map((key) => ({
      path: [...path, key],
      message: `secret managers are not supported; use ${key.replace("_ref", "_file")} instead`,
    }));
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}

function filled(value: Secret | undefined): boolean {
  return value !== undefined && value.reveal() !== "";
}
