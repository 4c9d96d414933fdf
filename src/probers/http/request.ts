import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { USER_AGENT } from "../../probe/version.ts";
import { HEADER_VALUE } from "../../settings/header-syntax.ts";
import type { ExtraHeader } from "../../settings/http-client.ts";
import { readSecret } from "../../settings/secret-source.ts";
import type { RequestMessage } from "./message.ts";

/** What of a request is the same in every probe of a module: worked out once, when the module is read. */
export interface RequestTemplate {
  readonly method: string;
  /** The `Host` of the module's headers. */
  readonly host: string | undefined;
  /** For every host: name and value by turns. */
  readonly headers: readonly string[];
  /** Of a request that carries no body any more: as above without the headers that describe one. */
  readonly headersWithoutBody: readonly string[];
  /** The module's own `Authorization` and `Cookie` headers: for the target's host only. */
  readonly sensitive: readonly string[];
  readonly upgrade: string | undefined;
  /** `http_headers`; their secrets are for the target's host only. */
  readonly extra: readonly ExtraHeader[];
}

export interface RequestOptions {
  readonly method: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly extra: readonly ExtraHeader[];
  readonly compression: string;
}

export function requestTemplate({ method, headers, extra, compression }: RequestOptions): RequestTemplate {
  const named = headers.map(([name, value]) => ({ name, value, key: name.toLowerCase() }));
  const upgrade = named.find(({ key }) => key === "upgrade")?.value;
  const switches = named.some(({ key, value }) => key === "connection" && /\bupgrade\b/iu.test(value));
  const sent = named.filter(({ key }) => !OURS.has(key) && !SENSITIVE.has(key));
  const defaults = [
    ...(named.some(({ key }) => key === "user-agent") ? [] : ["user-agent", USER_AGENT]),
    ...(compression === "" || named.some(({ key }) => key === "accept-encoding")
      ? []
      : ["accept-encoding", compression]),
  ];
  const host = named.findLast(({ key }) => key === "host")?.value;
  return {
    method,
    host: host === "" ? undefined : host,
    headers: [...defaults, ...sent.flatMap(({ name, value }) => [name, value])],
    headersWithoutBody: [
      ...defaults,
      ...sent.filter(({ key }) => !key.startsWith("content-")).flatMap(({ name, value }) => [name, value]),
    ],
    sensitive: named.filter(({ key }) => SENSITIVE.has(key)).flatMap(({ name, value }) => [name, value]),
    upgrade: switches ? upgrade : undefined,
    extra,
  };
}

/** Set from elsewhere, or about the connection, which is ours; blackbox_exporter leaves most of them out as well. */
const OURS: ReadonlySet<string> = new Set([
  "host",
  "connection",
  "content-length",
  "expect",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

const SENSITIVE: ReadonlySet<string> = new Set(["authorization", "cookie"]);

/** One hop: where it goes and what it may carry. */
export interface Hop {
  readonly url: URL;
  readonly method: string;
  readonly body: Uint8Array | undefined;
  /** The Host header that goes along to the target's own host, where it is not the URL's. */
  readonly host: string | undefined;
  /** Whether this is the host that the credentials are for. */
  readonly trusted: boolean;
  /** The value of the Authorization header that the module's credentials make. */
  readonly authorization: string | undefined;
  /** The value of a Cookie header that earlier hops make. */
  readonly cookies: string;
}

/** The request of a hop; `path` is its request target for the server itself. */
export async function requestOf(template: RequestTemplate, hop: Hop): Promise<RequestMessage> {
  const { url } = hop;
  const headers = [
    ...(hop.body === undefined && hop.method !== template.method ? template.headersWithoutBody : template.headers),
  ];
  if (template.extra.length > 0) headers.push(...(await extraHeaders(template.extra, hop)));
  addCredentials(headers, { template, hop });
  addCookies(headers, { template, hop });
  return {
    method: hop.method,
    scheme: url.protocol === "https:" ? "https" : "http",
    authority: hop.host ?? url.host,
    path: url.pathname + url.search,
    headers,
    body: hop.body,
    upgrade: template.upgrade,
  };
}

/** `user:password@` in a URL, as a Basic Authorization header (RFC 7617); undefined where there is none. */
export function userinfoAuthorization(url: URL): string | undefined {
  if (url.username === "" && url.password === "") return undefined;
  return basicAuthorization(decodeUserinfo(url.username), decodeUserinfo(url.password));
}

export function basicAuthorization(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, "utf8").toString("base64")}`;
}

async function extraHeaders(extra: readonly ExtraHeader[], hop: Hop): Promise<readonly string[]> {
  const headers: string[] = [];
  for (const { name, values, secrets } of extra) {
    for (const value of values) headers.push(name, value);
    for (const source of hop.trusted ? secrets : []) headers.push(name, sendable(name, await readSecret(source)));
  }
  return headers;
}

/** What comes from a file may hold anything; a line break in it would end the header and start another. */
function sendable(name: string, value: string): string {
  if (HEADER_VALUE.test(value)) return value;
  const detail = `The value of the header ${name} cannot be sent: it holds line breaks, control characters or non-Latin text`;
  throw new ProbeFailure("request/parameter-missing", { detail });
}

/** The module's own Authorization header wins over a URL's userinfo, and that over the configured credentials. */
function addCredentials(
  headers: string[],
  { template, hop }: { readonly template: RequestTemplate; readonly hop: Hop },
): void {
  const own = hop.trusted ? valueOf(template.sensitive, "authorization") : undefined;
  const value = own ?? userinfoAuthorization(hop.url) ?? (hop.trusted ? hop.authorization : undefined);
  if (value !== undefined) headers.push("authorization", sendable("authorization", value));
}

function addCookies(
  headers: string[],
  { template, hop }: { readonly template: RequestTemplate; readonly hop: Hop },
): void {
  const own = hop.trusted ? valueOf(template.sensitive, "cookie") : undefined;
  const value = [own, hop.cookies].filter((part) => part !== undefined && part !== "").join("; ");
  if (value !== "") headers.push("cookie", value);
}

function valueOf(pairs: readonly string[], name: string): string | undefined {
  const index = pairs.findIndex((entry, position) => position % 2 === 0 && entry.toLowerCase() === name);
  return index === -1 ? undefined : pairs[index + 1];
}

/** A stray `%` stands for itself. */
function decodeUserinfo(text: string): string {
  return /%(?![0-9a-f]{2})/iu.test(text) ? text : Buffer.from(unescapeBytes(text), "latin1").toString("utf8");
}

function unescapeBytes(text: string): string {
  return text.replace(/%([0-9a-f]{2})/giu, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** The request target for a proxy (RFC 9112 §3.2.2), with the address that was vetted in place of the name. */
export function absolutePath(url: URL, host: string): string {
  const port = url.port === "" ? "" : `:${url.port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}${port}${url.pathname}${url.search}`;
}
