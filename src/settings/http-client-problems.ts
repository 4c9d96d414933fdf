import { HEADER_NAME, HEADER_VALUE } from "./header-syntax.ts";
import type { RawHttpClient, RawOAuth2, RawProxy } from "./http-client-shape.ts";
import { httpUrl, JWT_BEARER, SIGNATURE_ALGORITHMS } from "./oauth2-values.ts";
import { type Environment, proxyServer, proxyVariable } from "./proxy-server.ts";
import type { Secret } from "./secret.ts";

type Path = readonly string[];

interface Problem {
  readonly path: Path;
  readonly message: string;
}

/** Everything in these keys that contradicts itself, by the rules that the Prometheus family shares. */
export function httpClientProblems(raw: RawHttpClient, environment: Environment): readonly Problem[] {
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
    .filter(
      (name) => proxyVariable(environment, name) !== "" && proxyServer(proxyVariable(environment, name)) === undefined,
    )
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
