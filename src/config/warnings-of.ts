import { canEndAs } from "../outcome/can-end-as.ts";
import { PROTOCOLS, type Protocol } from "../outcome/protocol.ts";
import { FAMILY_NAMES } from "../settings/address-family.ts";
import { isList, isMapping, type YamlMapping, type YamlValue } from "./yaml-value.ts";

/** What the modules of a valid document say that is accepted for compatibility but hardly meant. */
export function warningsOf(document: YamlValue): readonly string[] {
  const modules = isMapping(document) && isMapping(document["modules"]) ? document["modules"] : {};
  return Object.entries(modules).flatMap(([name, module]) => (isMapping(module) ? ofModule(name, module) : []));
}

function ofModule(name: string, module: YamlMapping): readonly string[] {
  return [
    ...idleLimit(name, module),
    ...idleBlocks(name, module),
    ...idleOfUnix(name, module),
    ...PROTOCOLS.flatMap((protocol) => {
      const block = module[protocol];
      if (!isMapping(block)) return [];
      const path = `modules.${name}.${protocol}`;
      return [...ofBlock(path, block), ...idleAlone(name, { protocol, block }), ...idleTls(path, { protocol, block })];
    }),
  ];
}

function idleLimit(name: string, module: YamlMapping): readonly string[] {
  const protocol = PROTOCOLS.find((one) => one === module["prober"]);
  if (protocol === undefined || !("max_response_time" in module) || canEndAs(protocol, "timing/too-slow")) return [];
  return [`modules.${name}.max_response_time: has no effect on ${protocol}`];
}

/** The block of another prober, where the module's own was meant. */
function idleBlocks(name: string, module: YamlMapping): readonly string[] {
  const prober = module["prober"];
  if (typeof prober !== "string") return [];
  const others = PROTOCOLS.filter((protocol) => protocol !== prober && isMapping(module[protocol]));
  return others.map((protocol) => `modules.${name}.${protocol}: has no effect on a module of the prober ${prober}`);
}

/** Keys that say how to do what another key asks for, e.g. how much to upload: without that one, nothing is done. */
function idleAlone(
  name: string,
  { protocol, block }: { readonly protocol: Protocol; readonly block: YamlMapping },
): readonly string[] {
  return (IDLE_ALONE[protocol] ?? [])
    .filter(([key, needed]) => isSet(block, key) && !isSet(block, needed))
    .map(([key, needed]) => `modules.${name}.${protocol}.${key}: has no effect without ${needed}`);
}

function isSet(block: YamlMapping, key: string): boolean {
  return key in block && !UNSET.has(block[key]);
}

const UNSET: ReadonlySet<YamlValue | undefined> = new Set([null, "", false, "false"]);

type Dependency = readonly [key: string, needed: string];

const OF_LOGIN: readonly Dependency[] = [
  ["auth_method", "username"],
  ["plaintext_login", "username"],
];

const IDLE_ALONE: Readonly<Partial<Record<Protocol, readonly Dependency[]>>> = {
  smtp: OF_LOGIN,
  pop3: OF_LOGIN,
  imap: [...OF_LOGIN, ["mailbox", "username"]],
  ftp: [
    ["plaintext_login", "username"],
    ["download_limit", "download"],
    ["upload_size", "upload"],
  ],
};

/** Where a key of its own turns TLS on, its settings alone do not: the probe would pass whatever the certificate. */
const TLS_SWITCHES: Readonly<Partial<Record<Protocol, readonly string[]>>> = {
  tcp: ["tls"],
  unix: ["tls"],
  grpc: ["tls"],
  dns: ["dns_over_tls", "dns_over_https"],
};

function idleTls(
  path: string,
  { protocol, block }: { readonly protocol: Protocol; readonly block: YamlMapping },
): readonly string[] {
  const switches = TLS_SWITCHES[protocol];
  if (switches === undefined || !isMapping(block["tls_config"])) return [];
  const { query_response: steps } = block;
  const isLater = isList(steps) && steps.some((step) => isMapping(step) && isSet(step, "starttls"));
  if (isLater || switches.some((key) => isSet(block, key))) return [];
  return [`${path}.tls_config: has no effect without ${switches.join(" or ")}`];
}

/** A Unix socket has no address, so nothing to resolve and nothing to forbid. */
function idleOfUnix(name: string, module: YamlMapping): readonly string[] {
  if (module["prober"] !== "unix") return [];
  const idle = ["internal_addresses", "resolver"].filter((key) => key in module);
  return idle.map((key) => `modules.${name}.${key}: has no effect on unix`);
}

function ofBlock(path: string, block: YamlMapping): readonly string[] {
  const family = block["preferred_ip_protocol"];
  const warnings = [];
  if (typeof family === "string" && !FAMILY_NAMES.includes(family)) {
    warnings.push(`${path}.preferred_ip_protocol: ${JSON.stringify(family)} is read as "ip4"; expected "ip4" or "ip6"`);
  }
  if ("no_follow_redirects" in block) warnings.push(`${path}.no_follow_redirects: deprecated, use follow_redirects`);
  const client = block["http_config"];
  const idle = isMapping(client) ? IDLE_IN_HTTP_CONFIG.filter((key) => key in client) : [];
  return [...warnings, ...idle.map((key) => `${path}.http_config.${key}: has no effect on a WebSocket`)];
}

/** Keys of the HTTP client that the websocket prober accepts and ignores, as blackbox_exporter does. */
const IDLE_IN_HTTP_CONFIG = ["oauth2", "proxy_url", "no_proxy", "proxy_from_environment", "proxy_connect_header"];
