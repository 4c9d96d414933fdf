import type { z } from "zod";
import { DEFAULT_TLS_SETTINGS, type TlsSettings } from "../network/tls-settings.ts";
import { httpClientProblems } from "./http-client-problems.ts";
import type { RawHttpClient, RawOAuth2, RawProxy } from "./http-client-shape.ts";
import { httpUrl, JWT_BEARER, SIGNATURE_ALGORITHMS } from "./oauth2-values.ts";
import { type Environment, type ProxyServer, proxyServer, proxyVariable } from "./proxy-server.ts";
import { Secret } from "./secret.ts";
import { type SecretSource, secretSource } from "./secret-source.ts";
import { readTls } from "./tls-shape.ts";

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
type HttpCredentials =
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

/**
 * The client that these keys describe. Everything that contradicts itself is added to `context` as an issue of its own;
 * `environment` is where `proxy_from_environment` looks, read once.
 */
export function readHttpClient(
  raw: RawHttpClient,
  { context, environment = process.env }: { readonly context: z.RefinementCtx; readonly environment?: Environment },
): HttpClientSettings {
  for (const { path, message } of httpClientProblems(raw, environment)) {
    context.addIssue({ code: "custom", path: [...path], message });
  }
  return {
    credentials: credentialsOf(raw, environment),
    tls: readTls(raw),
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
    http: proxyServer(proxyVariable(environment, "HTTP_PROXY")),
    https: proxyServer(proxyVariable(environment, "HTTPS_PROXY")),
    noProxy: proxyVariable(environment, "NO_PROXY"),
  };
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}
