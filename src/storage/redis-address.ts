/** Where a Redis (or Valkey) server is, and as whom to ask it. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly transport: "plain" | "tls";
  /** Redis's own default user if absent. */
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
}

const TRANSPORTS: ReadonlyMap<string, RedisAddress["transport"]> = new Map([
  ["redis:", "plain"],
  ["rediss:", "tls"],
  ["valkey:", "plain"],
  ["valkeys:", "tls"],
]);

const USUAL_PORT = 6379;

const EXPECTED =
  "expected a URL such as redis://user@redis.example.com:6379/0; in a password ?, # and / are written %3F, %23 and %2F";

/**
 * Reads `redis://[user[:password]@]host[:port][/database]`, or `rediss://` for TLS. A mistake is an `Error` that does not
 * quote the URL, for the password may be anywhere in one that cannot be read.
 */
export function readRedisUrl(text: string): RedisAddress {
  if (!URL.canParse(text)) throw new Error(EXPECTED);
  const url = new URL(text);
  const transport = TRANSPORTS.get(url.protocol);
  if (transport === undefined) throw new Error("expected a URL that begins with redis:// or rediss://");
  if (url.hostname === "") throw new Error("expected the name or the address of a host, found none");
  if (url.search !== "" || url.hash !== "") throw new Error("expected nothing behind the number of the database");
  const database = /^\/?(?<number>\d{0,4})$/u.exec(url.pathname)?.groups?.["number"];
  if (database === undefined) throw new Error("expected a number as the path, that of the database");
  return {
    // An IPv6 address stands in brackets in a URL, and without them everywhere else.
    host: url.hostname.replace(/^\[(.*)\]$/u, "$1"),
    port: url.port === "" ? USUAL_PORT : Number(url.port),
    transport,
    username: decoded(url.username),
    password: decoded(url.password),
    database: Number(database),
  };
}

/** How the server is called in the log: without user and password. */
export function nameOfRedis({ host, port, transport, database }: RedisAddress): string {
  const scheme = transport === "tls" ? "rediss" : "redis";
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}/${database}`;
}

function decoded(part: string): string | undefined {
  if (part === "") return undefined;
  try {
    return decodeURIComponent(part);
  } catch (error) {
    throw new Error("expected user and password to be percent-encoded; a % in them is written %25", { cause: error });
  }
}
