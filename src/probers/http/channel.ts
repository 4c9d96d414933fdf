import { connect } from "../../network/connect.ts";
import type { TlsSettings } from "../../network/tls-settings.ts";
import type { ProbeContext } from "../../probe/prober.ts";
import { reach } from "../../probe/reach.ts";
import { secureChannel } from "../../probe/secure-channel.ts";
import { takeTime } from "../../probe/take-time.ts";
import type { AddressFamily } from "../../settings/address-family.ts";
import type { HttpClientSettings } from "../../settings/http-client.ts";
import type { ProxyServer } from "../../settings/proxy-server.ts";
import { openHttpTunnel } from "./http-tunnel.ts";
import type { Channel } from "./message.ts";
import { openSocksTunnel } from "./socks-tunnel.ts";

/** What a channel is for and how it is to be opened. */
export interface ChannelOptions {
  readonly url: URL;
  /** The name to verify in TLS, where the settings name no other. */
  readonly name: string;
  readonly family: AddressFamily;
  readonly tls: TlsSettings;
  /** For TLS to the proxy itself: the same without the target's server name. */
  readonly tlsElsewhere: TlsSettings;
  /** ALPN protocols to offer. */
  readonly protocols: readonly string[];
  readonly proxy: ProxyServer | undefined;
  readonly proxyConnectHeaders: HttpClientSettings["proxyConnectHeaders"];
  /** Whether the proxy is to resolve the name. */
  readonly proxyResolves: boolean;
  /** Told when the name is resolved, or need not be. */
  readonly resolved: () => void;
  /** Told how long each step took, also where it failed. */
  readonly took: (phase: "resolve" | "connect" | "tls", seconds: number) => void;
}

/** A channel, and what the peer at its end calls the target: its address, or its name where a proxy resolves it. */
export interface OpenChannel extends Channel {
  readonly host: string;
}

/** Opens a channel for HTTP: resolve, connect, through a proxy where there is one, TLS. The caller destroys its socket. */
export async function openChannel(options: ChannelOptions, context: ProbeContext): Promise<OpenChannel> {
  const { url, proxy } = options;
  const host = await hostToDial(options, context);
  options.resolved();
  const socket = await timed("connect", { options, context }, async () => {
    const destination =
      proxy === undefined ? { ip: host, port: portOf(url) } : await proxyDestination(proxy, { options, context });
    return context.during("connect", () =>
      connect({ ...destination, sourceAddress: options.family.sourceAddress }, { signal: context.signal }),
    );
  });
  try {
    const carrier = proxy === undefined ? socket : await throughProxy(socket, { proxy, host, options, context });
    if (url.protocol !== "https:") return { socket: carrier, protocol: "http/1.1", host };
    const { tls: settings, name, protocols } = options;
    const channel = await timed("tls", { options, context }, () =>
      secureChannel(carrier, { settings, host: name, protocols }, context),
    );
    return { socket: channel.socket, protocol: channel.protocol === "h2" ? "h2" : "http/1.1", host };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** The host of a URL without the brackets of an IPv6 address. */
export function hostOf(url: URL): string {
  return url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname;
}

function portOf(url: URL): number {
  if (url.port !== "") return Number(url.port);
  return url.protocol === "https:" ? 443 : 80;
}

interface Step {
  readonly options: ChannelOptions;
  readonly context: ProbeContext;
}

function timed<T>(
  phase: "resolve" | "connect" | "tls",
  { options, context }: Step,
  work: () => Promise<T>,
): Promise<T> {
  return takeTime(work, { context, note: (seconds) => options.took(phase, seconds) });
}

async function hostToDial(options: ChannelOptions, context: ProbeContext): Promise<string> {
  const name = hostOf(options.url);
  if (options.proxy !== undefined && options.proxyResolves) return name;
  const address = await timed("resolve", { options, context }, () => reach(name, options.family, context));
  return address.ip;
}

/** The proxy is the configuration's, not the target's: it is not measured and may well be internal. */
async function proxyDestination(
  proxy: ProxyServer,
  { options, context }: Step,
): Promise<{ readonly ip: string; readonly port: number }> {
  const addresses = await context.during("resolve", () =>
    context.network.resolver.resolve(proxy.host, {
      preferred: options.family.preferred,
      fallback: true,
      servers: context.module.resolver,
      signal: context.signal,
    }),
  );
  const [address] = addresses;
  if (address === undefined) throw new TypeError("A resolver gave no address and no failure");
  return { ip: address.ip, port: proxy.port };
}

async function throughProxy(
  socket: Channel["socket"],
  { proxy, host, options, context }: Step & { readonly proxy: ProxyServer; readonly host: string },
): Promise<Channel["socket"]> {
  const carrier = proxy.scheme === "https" ? await secureProxy(socket, { proxy, options, context }) : socket;
  const end = { host, port: portOf(options.url) };
  if (proxy.scheme === "socks5") {
    await context.during("connect", () => openSocksTunnel(carrier, { server: proxy, end }));
  } else if (options.url.protocol === "https:") {
    const authority = `${host.includes(":") ? `[${host}]` : host}:${end.port}`;
    await context.during("connect", () =>
      openHttpTunnel(carrier, { authority, server: proxy, headers: options.proxyConnectHeaders }),
    );
  }
  return carrier;
}

/** TLS to the proxy itself; its certificate is not the target's, so nothing of it is measured. */
async function secureProxy(
  socket: Channel["socket"],
  { proxy, options, context }: Step & { readonly proxy: ProxyServer },
): Promise<Channel["socket"]> {
  const quiet: ProbeContext = { ...context, measure: ignoreMeasurement, withdraw: ignoreMeasurement };
  const { tlsElsewhere: settings } = options;
  const channel = await secureChannel(socket, { settings, host: proxy.host, protocols: ["http/1.1"] }, quiet);
  return channel.socket;
}

function ignoreMeasurement(): void {
  // Only the target is measured.
}
