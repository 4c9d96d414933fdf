import { readFile } from "node:fs/promises";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { defineProber, type ProbeContext } from "../../probe/prober.ts";
import { SECURE_CHANNEL_MEASUREMENTS } from "../../probe/secure-channel.ts";
import { readSecret } from "../../settings/secret-source.ts";
import { Body } from "./body.ts";
import { hostOf, type OpenChannel, openChannel } from "./channel.ts";
import { checkResponse } from "./content.ts";
import { Cookies } from "./cookies.ts";
import { exchange } from "./exchange.ts";
import { proxyAuthorization } from "./http-tunnel.ts";
import { HttpMeasures } from "./measures.ts";
import type { RequestMessage, ResponseHead } from "./message.ts";
import { accessToken } from "./oauth2.ts";
import { isRedirect, isTrusted, redirectedMethod, redirectTarget } from "./redirect.ts";
import { absolutePath, basicAuthorization, type Hop, requestOf, userinfoAuthorization } from "./request.ts";
import { type HttpSettings, httpSettings } from "./settings.ts";
import { parseTarget } from "./target.ts";

/** HTTP and HTTPS: one request, the redirects that follow from it, and what the final response must be like. */
export const http = defineProber({ protocol: "http", settings: httpSettings, probe: probeHttp });

async function probeHttp(target: string, settings: HttpSettings, context: ProbeContext): Promise<void> {
  const measures = new HttpMeasures(context, settings.checks);
  const journey = { settings, context, measures, ...(await prepare(target, settings, context)) };
  const { hop, response } = await follow(journey);
  judge(response, { hop, journey });
}

/** All that stays the same from hop to hop. */
interface Journey {
  readonly settings: HttpSettings;
  readonly context: ProbeContext;
  readonly measures: HttpMeasures;
  readonly first: URL;
  /** The virtual host to ask for, where it is not the URL's. */
  readonly host: string | undefined;
  /** The names that credentials are for. */
  readonly names: readonly string[];
  readonly authorization: string | undefined;
  readonly body: Uint8Array | undefined;
}

interface Response {
  readonly head: ResponseHead;
  readonly body: Body | undefined;
}

async function prepare(
  target: string,
  settings: HttpSettings,
  context: ProbeContext,
): Promise<Pick<Journey, "first" | "host" | "names" | "authorization" | "body">> {
  const first = parseTarget(target);
  const host = virtualHost(settings, context);
  const names = host === undefined ? [first.hostname] : [first.hostname, withoutPort(host).toLowerCase()];
  const body = settings.bodyFile === undefined ? settings.body : await readBody(settings.bodyFile);
  return { first, host, names, authorization: await authorizationOf(settings, context), body };
}

/** The name asked for with the scrape, or that of the module's headers; both only where they agree. */
function virtualHost({ request }: HttpSettings, { hostname }: ProbeContext): string | undefined {
  if (hostname === undefined || hostname === "") return request.host;
  if (request.host === undefined || request.host === hostname) return hostname;
  const detail = `The module's Host header is ${JSON.stringify(request.host)}, but hostname= asks for ${JSON.stringify(hostname.slice(0, 100))}`;
  throw new ProbeFailure("request/parameter-missing", { detail });
}

async function readBody(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const detail = `Cannot read body_file: ${error instanceof Error ? error.message : String(error)}`;
    throw new ProbeFailure("request/parameter-missing", { detail, cause: error });
  }
}

/** The value of the Authorization header that the module's credentials make. */
async function authorizationOf(settings: HttpSettings, context: ProbeContext): Promise<string | undefined> {
  const { credentials } = settings.client;
  if (credentials === undefined) return undefined;
  if (credentials.kind === "oauth2") {
    const { tokens, family } = settings;
    return `Bearer ${await accessToken({ oauth2: credentials.oauth2, tokens, family }, context)}`;
  }
  if (credentials.kind === "authorization") return `${credentials.type} ${await readSecret(credentials.credentials)}`;
  const { username, password } = credentials;
  return basicAuthorization(
    username === undefined ? "" : await readSecret(username),
    password === undefined ? "" : await readSecret(password),
  );
}

/** From the target to the final response, hop by hop. */
async function follow(journey: Journey): Promise<{ readonly hop: Hop; readonly response: Response }> {
  const { first, settings, measures, context } = journey;
  const cookies = new Cookies();
  const { method } = settings.request;
  let hop = hopTo(first, journey, { method, body: journey.body, cookies: "" });
  for (let redirects = 0; ; redirects += 1) {
    const response = await visit(hop, journey);
    const to = redirectTarget(response.head, hop.url);
    if (to === undefined) return { hop, response };
    measures.redirects(redirects + 1);
    if (!settings.client.followRedirects) return { hop, response };
    if (redirects >= settings.maxRedirects) throw tooManyRedirects(response.head, { hop, journey });
    cookies.keep(response.head, hop.url);
    const next = redirectedMethod(response.head.status, hop.method);
    context.log("info", "Following redirect", { location: `${to.origin}${to.pathname}` });
    hop = hopTo(to, journey, {
      method: next.method,
      body: next.body === "kept" ? hop.body : undefined,
      cookies: cookies.header(to),
    });
  }
}

function hopTo(url: URL, journey: Journey, rest: Pick<Hop, "method" | "body" | "cookies">): Hop {
  return {
    ...rest,
    url,
    host: url.hostname === journey.first.hostname ? journey.host : undefined,
    trusted: isTrusted(url, journey),
    authorization: journey.authorization,
  };
}

function tooManyRedirects(
  head: ResponseHead,
  { hop, journey }: { readonly hop: Hop; readonly journey: Journey },
): ProbeFailure {
  journey.measures.response(head, hop.url.protocol === "https:" ? "tls" : "plain");
  const detail = `More than ${journey.settings.maxRedirects} redirects; the last one came from ${hop.url.host}`;
  return new ProbeFailure("redirect/too-many", { detail });
}

/** One hop: a channel of its own, one exchange on it, nothing left open. */
async function visit(hop: Hop, journey: Journey): Promise<Response> {
  const { settings, context, measures } = journey;
  const proxy = settings.proxy(hop.url);
  context.withdraw(SECURE_CHANNEL_MEASUREMENTS);
  const channel = await openChannel(
    {
      url: hop.url,
      name: hop.host === undefined ? hostOf(hop.url) : withoutPort(hop.host),
      family: settings.family,
      tls: hop.url.hostname === journey.first.hostname ? settings.client.tls : settings.tlsElsewhere,
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
          body = new Body(
            { compression: settings.compression, limitBytes: settings.bodySizeLimitBytes, keep: settings.looksAtBody },
            flow,
          );
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

function judge({ head, body }: Response, { hop, journey }: { readonly hop: Hop; readonly journey: Journey }): void {
  const { settings, measures } = journey;
  const failed = checkResponse(
    {
      ...head,
      overTls: hop.url.protocol === "https:",
      body: body?.bytes() ?? Buffer.alloc(0),
      bodyProblem: body?.problem,
      credentials: credentialsOf(hop, journey),
    },
    settings.checks,
  );
  if (failed === undefined) return;
  if (failed.kind !== "other") measures.failedBy(failed.kind);
  if (head.status === 401) settings.tokens.drop();
  throw failed.failure;
}

function credentialsOf(hop: Hop, journey: Journey): "none" | "sent" | "withheld" {
  const { authorization, settings } = journey;
  if (userinfoAuthorization(hop.url) !== undefined) return "sent";
  const configured = authorization !== undefined || settings.request.sensitive.length > 0;
  if (!configured) return "none";
  return hop.trusted ? "sent" : "withheld";
}

function withoutPort(host: string): string {
  const bracketed = /^\[(.*)\](?::\d+)?$/u.exec(host)?.[1];
  return bracketed ?? host.replace(/:\d+$/u, "");
}
