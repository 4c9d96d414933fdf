import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { USER_AGENT } from "../../probe/version.ts";
import { HEADER_NAME, HEADER_VALUE } from "../../settings/header-syntax.ts";
import type { ExtraHeader, HttpClientSettings } from "../../settings/http-client.ts";
import { readSecret } from "../../settings/secret-source.ts";

/** What the upgrade says beside the handshake's own headers. */
export interface RequestHeaders {
  readonly headers: ReadonlyMap<string, readonly string[]>;
  /** Subprotocols to offer. */
  readonly subprotocols: readonly string[];
  /** What of it is secret, so that nothing that the server repeats shows it. */
  readonly secrets: readonly string[];
  /** Whether anything of it says who asks. */
  readonly authenticated: boolean;
}

/** What the headers are made of. */
export interface HeaderSources {
  readonly extra: readonly ExtraHeader[];
  readonly subprotocols: readonly string[];
  readonly credentials: HttpClientSettings["credentials"];
  /** The target, whose user information counts before the module's credentials. */
  readonly target: URL;
  /** Whether the request goes to the target's own host: otherwise it says nothing secret. */
  readonly trusted: boolean;
}

/** Puts the headers together. Throws ProbeFailure `request/parameter-missing` where a file's secret is unfit for one. */
export async function requestHeaders(sources: HeaderSources): Promise<RequestHeaders> {
  const { trusted } = sources;
  const { headers, secrets } = await extraHeaders(sources);
  const offered = [...sources.subprotocols, ...(headers.get(SUBPROTOCOLS) ?? []).flatMap(splitList)];
  headers.delete(SUBPROTOCOLS);
  const authorization = trusted && !headers.has("authorization") ? await authorizationOf(sources) : undefined;
  if (authorization !== undefined) {
    headers.set("authorization", [fit("authorization", authorization)]);
    secrets.push(authorization);
  }
  if (!headers.has("user-agent")) headers.set("user-agent", [USER_AGENT]);
  const subprotocols = [...new Set(offered)];
  if (!subprotocols.every((name) => HEADER_NAME.test(name))) throw unfit(SUBPROTOCOLS);
  return { headers, subprotocols, secrets, authenticated: secrets.length > 0 };
}

/** In lower case, as all names here. Blackbox_exporter has no other key to offer subprotocols by than this header. */
const SUBPROTOCOLS = "sec-websocket-protocol";

interface Gathered {
  readonly headers: Map<string, string[]>;
  readonly secrets: string[];
}

async function extraHeaders({ extra, trusted }: HeaderSources): Promise<Gathered> {
  const headers = new Map<string, string[]>();
  const secrets: string[] = [];
  for (const { name, values, secrets: sources } of extra) {
    const key = name.toLowerCase();
    if (!trusted && OF_THE_TARGET.has(key)) continue;
    const read = await Promise.all((trusted ? sources : []).map(readSecret));
    const all = [...values, ...read].map((value) => fit(key, value));
    if (all.length > 0) headers.set(key, [...(headers.get(key) ?? []), ...all]);
    secrets.push(...read, ...(key === "host" || !OF_THE_TARGET.has(key) ? [] : values));
  }
  return { headers, secrets };
}

/** For the target's host alone. */
const OF_THE_TARGET: ReadonlySet<string> = new Set(["authorization", "cookie", "host"]);

async function authorizationOf({ target, credentials }: HeaderSources): Promise<string | undefined> {
  if (target.username !== "" || target.password !== "") {
    return basic(decodeUserinfo(target.username), decodeUserinfo(target.password));
  }
  if (credentials?.kind === "authorization") return `${credentials.type} ${await readSecret(credentials.credentials)}`;
  if (credentials?.kind !== "basic") return undefined;
  const { username, password } = credentials;
  return basic(
    username === undefined ? "" : await readSecret(username),
    password === undefined ? "" : await readSecret(password),
  );
}

/** RFC 7617. */
function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

/** A stray `%` stands for itself. */
function decodeUserinfo(text: string): string {
  const latin1 = text.replace(/%([0-9a-f]{2})/giu, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(latin1, "latin1").toString();
}

function splitList(value: string): readonly string[] {
  return value
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function fit(name: string, value: string): string {
  if (HEADER_VALUE.test(value)) return value;
  throw unfit(name);
}

function unfit(name: string): ProbeFailure {
  const detail = `The value for the header ${name} holds characters that no such header can have`;
  return new ProbeFailure("request/parameter-missing", { detail });
}
