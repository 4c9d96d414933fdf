import type { TlsSettings } from "../../network/tls-settings.ts";
import type { ProbeContext } from "../../probe/prober.ts";
import { USER_AGENT } from "../../probe/version.ts";
import type { AddressFamily } from "../../settings/address-family.ts";
import type { HttpClientSettings, ProxySettings } from "../../settings/http-client.ts";
import { Body } from "./body.ts";
import { hostOf, openChannel } from "./channel.ts";
import { exchange } from "./exchange.ts";
import { proxyAuthorization } from "./http-tunnel.ts";
import type { RequestMessage, ResponseHead } from "./message.ts";
import { proxyChoice } from "./proxy-choice.ts";
import { absolutePath } from "./request.ts";

export interface FetchOptions {
  readonly url: URL;
  readonly method: string;
  /** Name and value by turns. */
  readonly headers: readonly string[];
  readonly body: Uint8Array;
  readonly family: AddressFamily;
  readonly tls: TlsSettings;
  readonly proxy: ProxySettings | undefined;
  readonly proxyConnectHeaders: HttpClientSettings["proxyConnectHeaders"];
}

/** One request over HTTP/1.1 beside the probe's own, without redirects; rejects where the text is longer than a MiB. */
export async function fetchText(
  options: FetchOptions,
  context: ProbeContext,
): Promise<{ readonly status: number; readonly type: string; readonly text: string }> {
  const { url } = options;
  const proxy = proxyChoice(options.proxy)(url);
  const channel = await openChannel(
    {
      ...options,
      // Made anew each time, which tokens are too seldom fetched for to matter.
      tlsElsewhere: { ...options.tls, serverName: undefined },
      name: hostOf(url),
      protocols: ["http/1.1"],
      proxy,
      proxyResolves: true,
      resolved: ignore,
      took: ignore,
    },
    context,
  );
  let head: ResponseHead | undefined;
  let body: Body | undefined;
  const receiver = {
    started: ignore,
    head: (given: ResponseHead, flow: ConstructorParameters<typeof Body>[1]) => {
      head = given;
      body = new Body({ compression: "", limitBytes: LONGEST_TEXT_BYTES, keep: true }, flow);
    },
    chunk: (bytes: Buffer) => body?.take(bytes),
  };
  await exchange(channel, { ...requestOf(options, { channel, proxy }), receiver, signal: context.signal });
  if (head === undefined || body === undefined) throw new TypeError("An exchange ended without a response");
  if (body.problem !== undefined) throw body.problem;
  const type = head.headers["content-type"];
  return { status: head.status, type: typeof type === "string" ? type : "", text: body.bytes().toString("utf8") };
}

/** A token is a few kilobytes; Go's client draws the same line. */
const LONGEST_TEXT_BYTES = 1024 * 1024;

function requestOf(
  options: FetchOptions,
  {
    channel,
    proxy,
  }: { readonly channel: { readonly host: string }; readonly proxy: ReturnType<ReturnType<typeof proxyChoice>> },
): RequestMessage {
  const { url } = options;
  const direct = proxy === undefined || proxy.scheme === "socks5" || url.protocol === "https:";
  const authorization = direct ? undefined : proxyAuthorization(proxy);
  return {
    method: options.method,
    scheme: url.protocol === "https:" ? "https" : "http",
    authority: url.host,
    path: direct ? url.pathname + url.search : absolutePath(url, channel.host),
    headers: [
      "user-agent",
      USER_AGENT,
      ...options.headers,
      ...(authorization === undefined ? [] : ["proxy-authorization", authorization]),
    ],
    body: options.body,
    upgrade: undefined,
  };
}

function ignore(): void {
  // Nothing of this request is measured.
}
