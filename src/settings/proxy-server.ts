import { Secret } from "./secret.ts";

/** A proxy, as its URL describes it. */
export interface ProxyServer {
  readonly scheme: "http" | "https" | "socks5";
  readonly host: string;
  readonly port: number;
  readonly username: string | undefined;
  readonly password: Secret | undefined;
}

/** Variables of the environment by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The server of a proxy URL; a text without scheme is an HTTP proxy. Undefined where there is none or it is no such URL. */
export function proxyServer(value: string): ProxyServer | undefined {
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

/** A variable that names proxies; "" where it is not set. Upper case wins over lower case, as in the programs that introduced these variables to Go's world. */
export function proxyVariable(environment: Environment, name: string): string {
  const upper = environment[name] ?? "";
  return upper === "" ? (environment[name.toLowerCase()] ?? "") : upper;
}
