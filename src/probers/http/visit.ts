import { SECURE_CHANNEL_MEASUREMENTS } from "../../probe/secure-channel.ts";
import { Body } from "./body.ts";
import { hostOf, type OpenChannel, openChannel } from "./channel.ts";
import { exchange } from "./exchange.ts";
import { proxyAuthorization } from "./http-tunnel.ts";
import type { Journey } from "./journey.ts";
import type { Flow, RequestMessage, ResponseHead } from "./message.ts";
import { isRedirect } from "./redirect.ts";
import { absolutePath, type Hop, requestOf } from "./request.ts";
import type { HttpSettings } from "./settings.ts";
import { withoutPort } from "./without-port.ts";

/** What a hop answered; a redirect that is followed has no body. */
export interface Response {
  readonly head: ResponseHead;
  readonly body: Body | undefined;
}

/** One hop: a channel of its own, one exchange on it, nothing left open. */
export async function visit(hop: Hop, journey: Journey): Promise<Response> {
  const { settings, context, measures } = journey;
  const proxy = settings.proxy(hop.url);
  context.withdraw(SECURE_CHANNEL_MEASUREMENTS);
  const channel = await openChannel(
    {
      url: hop.url,
      name: hop.host === undefined ? hostOf(hop.url) : withoutPort(hop.host),
      family: settings.family,
      tls: hop.url.hostname === journey.first.hostname ? settings.client.tls : settings.tlsElsewhere,
      tlsElsewhere: settings.tlsElsewhere,
      protocols: settings.client.enableHttp2 && settings.request.upgrade === undefined ? HTTP2_OR_1 : HTTP1,
      proxy,
      proxyConnectHeaders: settings.client.proxyConnectHeaders,
      // A policy is about addresses, so where there is one the proxy gets the address that was vetted.
      proxyResolves: settings.skipResolvePhaseWithProxy && context.module.internalAddresses === "allow",
      resolved: () => measures.resolved(),
      took: (phase, seconds) => measures.add(phase, seconds),
    },
    context,
  );
  try {
    const message = addressed(await requestOf(settings.request, hop), { hop, channel, proxy });
    return await context.during("exchange", () => receive(message, { hop, channel, journey }));
  } finally {
    channel.socket.destroy();
  }
}

/** Only HTTP/1 can switch to another protocol on request. */
const HTTP2_OR_1 = ["h2", "http/1.1"] as const;
const HTTP1 = ["http/1.1"] as const;

/** A plain request through an HTTP proxy names the whole URL and logs in to the proxy itself. */
function addressed(
  message: RequestMessage,
  {
    hop,
    channel,
    proxy,
  }: { readonly hop: Hop; readonly channel: OpenChannel; readonly proxy: ReturnType<HttpSettings["proxy"]> },
): RequestMessage {
  if (proxy === undefined || proxy.scheme === "socks5" || hop.url.protocol === "https:") return message;
  const authorization = proxyAuthorization(proxy);
  const headers = authorization === undefined ? [] : ["proxy-authorization", authorization];
  return { ...message, path: absolutePath(hop.url, channel.host), headers: [...message.headers, ...headers] };
}

/** Sends the request and takes the response in; of a redirect that will be followed, only the head. */
async function receive(
  message: RequestMessage,
  { hop, channel, journey }: { readonly hop: Hop; readonly channel: OpenChannel; readonly journey: Journey },
): Promise<Response> {
  const { settings, context, measures } = journey;
  const asked = context.elapsedSeconds();
  context.log("info", "Making HTTP request", {
    method: message.method,
    host: message.authority,
    path: hop.url.pathname,
  });
  let firstByte: number | undefined;
  let head: ResponseHead | undefined;
  let body: Body | undefined;
  try {
    await exchange(channel, {
      ...message,
      signal: context.signal,
      receiver: {
        started() {
          if (firstByte === undefined) measures.add("processing", (firstByte = context.elapsedSeconds()) - asked);
        },
        head(given, flow) {
          head = given;
          if (settings.client.followRedirects && isRedirect(given)) {
            flow.stop();
            return;
          }
          measures.response(given, hop.url.protocol === "https:" ? "tls" : "plain");
          context.log("info", "Received HTTP response", { status: given.status, version: given.version });
          body = bodyOf(settings, flow);
        },
        chunk: (bytes) => body?.take(bytes),
      },
    });
    await body?.finish(context.signal);
  } finally {
    body?.close();
    if (body !== undefined) {
      measures.bodyLength(body.lengthBytes);
      measures.add("transfer", context.elapsedSeconds() - (firstByte ?? asked));
    }
  }
  if (head === undefined) throw new TypeError("An exchange ended without a response");
  return { head, body };
}

function bodyOf(settings: HttpSettings, flow: Flow): Body {
  const { compression, bodySizeLimitBytes: limitBytes, looksAtBody: keep } = settings;
  return new Body({ compression, limitBytes, keep }, flow);
}
