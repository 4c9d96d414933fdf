import type { Socket } from "node:net";
import { connect } from "../../network/connect.ts";
import { startDeadline } from "../../network/deadline.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { concealSent } from "../../probe/conceal-sent.ts";
import type { ProbeContext } from "../../probe/prober.ts";
import { reach } from "../../probe/reach.ts";
import { SECURE_CHANNEL_MEASUREMENTS, secureChannel } from "../../probe/secure-channel.ts";
import { takeTime } from "../../probe/take-time.ts";
import type { Connection } from "./connection.ts";
import { converse, messagesRead } from "./converse.ts";
import { type RequestHeaders, requestHeaders } from "./request-headers.ts";
import type { WebSocketSettings } from "./settings.ts";
import { readTarget, redirectedTo } from "./target.ts";
import { type Upgraded, upgrade } from "./upgrade.ts";

/** The upgrade of an HTTP connection, and a conversation of messages. */
export async function probeWebSocket(
  target: string,
  settings: WebSocketSettings,
  context: ProbeContext,
): Promise<void> {
  const first = readTarget(target);
  for (const name of ZERO_AT_FIRST) context.measure(name, 0);
  using opened = new DisposableStack();
  const journey: Journey = { first, settings, context, seconds: new Map(), opened };
  const { connection, show } = await follow(journey);
  context.measure("probe_websocket_connection_upgraded", 1);
  if (settings.steps.length > 0) {
    await timed("transfer", journey, () =>
      context.during("exchange", () => converse(connection, { settings, context, show })),
    );
  }
  await sayGoodbye(connection, context);
}

/** As in blackbox_exporter, which has them from the start. */
const ZERO_AT_FIRST = [
  "probe_websocket_status_code",
  "probe_websocket_connection_upgraded",
  "probe_websocket_failed_due_to_regex",
  "probe_websocket_ssl",
] as const;

/** All that stays the same from hop to hop. */
interface Journey {
  readonly first: URL;
  readonly settings: WebSocketSettings;
  readonly context: ProbeContext;
  /** How long each phase took, summed up over redirects. */
  readonly seconds: Map<MeasuredPhase, number>;
  /** The sockets, which are closed with the probe. */
  readonly opened: DisposableStack;
}

/** As blackbox_exporter divides the time: `processing` is everything between the TCP connection and the open WebSocket. */
type MeasuredPhase = "resolve" | "connect" | "processing" | "transfer";

function timed<T>(phase: MeasuredPhase, { context, seconds }: Journey, work: () => Promise<T>): Promise<T> {
  const note = (more: number): void => {
    const sum = (seconds.get(phase) ?? 0) + more;
    seconds.set(phase, sum);
    context.measure("probe_websocket_duration_seconds", sum, { phase });
  };
  return takeTime(work, { context, note });
}

interface Arrival {
  readonly connection: Connection;
  readonly show: (text: string) => string;
}

/** As many as blackbox_exporter's http prober follows. */
const MOST_REDIRECTS = 10;

/** From the target to the open WebSocket, over redirects where the module follows them. */
async function follow(journey: Journey): Promise<Arrival> {
  const { first, settings, context } = journey;
  let url = first;
  for (let redirects = 0; ; redirects += 1) {
    const request = await requestFor(url, journey);
    const show = concealer(request, settings);
    const upgraded = await visit(url, { request, show, journey });
    if (upgraded.kind === "open") return { connection: upgraded.connection, show };
    const { status, location } = upgraded;
    if (!settings.followsRedirects || location === undefined || !REDIRECTS.has(status)) {
      throw rejected(status, { location, request });
    }
    if (redirects >= MOST_REDIRECTS) {
      const detail = `More than ${MOST_REDIRECTS} redirects in place of the upgrade`;
      throw new ProbeFailure("redirect/too-many", { detail });
    }
    url = redirectedTo(location, url);
    context.log("info", "Following redirect", { location: `${url.origin}${url.pathname}` });
  }
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

function requestFor(url: URL, { first, settings }: Journey): Promise<RequestHeaders> {
  const { headers, subprotocols, client } = settings;
  // Never in plain text what the target was to get over TLS.
  const downgraded = first.protocol === "wss:" && url.protocol === "ws:";
  const trusted = url.hostname === first.hostname && !downgraded;
  return requestHeaders({ extra: headers, subprotocols, credentials: client.credentials, target: first, trusted });
}

/** Servers repeat what they do not understand, and what was sent may be a password. */
function concealer({ secrets }: RequestHeaders, { steps }: WebSocketSettings): (text: string) => string {
  const sent = steps.flatMap(({ sending }) => (sending === undefined ? [] : [Buffer.from(sending.bytes).toString()]));
  return (text) => concealSent(text, [...secrets, ...sent]);
}

interface Visit {
  readonly request: RequestHeaders;
  readonly show: (text: string) => string;
  readonly journey: Journey;
}

/** One hop: a connection of its own, and one request on it. */
async function visit(url: URL, { request, show, journey }: Visit): Promise<Upgraded> {
  const { first, settings, context, opened } = journey;
  const { sourceAddress } = settings.family;
  context.withdraw(SECURE_CHANNEL_MEASUREMENTS);
  const { ip } = await timed("resolve", journey, () => reach(hostOf(url), settings.family, context));
  const socket = await timed("connect", journey, () =>
    context.during("connect", () => connect({ ip, port: portOf(url), sourceAddress }, context)),
  );
  opened.defer(() => socket.destroy());
  const virtualHost = url.hostname === first.hostname ? context.hostname : undefined;
  return timed("processing", journey, async () => {
    const channel = await secure(socket, { url, virtualHost, journey });
    const { subprotocols } = request;
    const options = {
      url,
      headers: new Map([...request.headers, ...hostHeader(virtualHost)]),
      subprotocols,
      largestMessageBytes: settings.largestMessageBytes,
      mostMessages: messagesRead(settings.steps),
      show,
      onStatus(status: number) {
        context.noteHttpStatus(status);
        context.measure("probe_websocket_status_code", status);
      },
    };
    return context.during("upgrade", () => upgrade(channel, options));
  });
}

async function secure(
  socket: Socket,
  {
    url,
    virtualHost,
    journey,
  }: { readonly url: URL; readonly virtualHost: string | undefined; readonly journey: Journey },
): Promise<Socket> {
  const { first, settings, context } = journey;
  context.measure("probe_websocket_ssl", url.protocol === "wss:" ? 1 : 0);
  if (url.protocol !== "wss:") return socket;
  const { tls } = settings.client;
  const ofTarget = url.hostname === first.hostname ? tls : { ...tls, serverName: undefined };
  const options = { settings: ofTarget, host: virtualHost ?? hostOf(url), protocols: ["http/1.1"] };
  const channel = await secureChannel(socket, options, context);
  return channel.socket;
}

/** The name that the scrape gives (`hostname=`) in place of the target's. */
function hostHeader(virtualHost: string | undefined): readonly (readonly [string, readonly string[]])[] {
  if (virtualHost === undefined) return [];
  if (/^[!-~]+$/u.test(virtualHost)) return [["host", [virtualHost]]];
  throw new ProbeFailure("request/parameter-missing", { detail: "The scrape's hostname is no name of a host" });
}

function hostOf(url: URL): string {
  return url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname;
}

function portOf(url: URL): number {
  if (url.port !== "") return Number(url.port);
  return url.protocol === "wss:" ? 443 : 80;
}

function rejected(
  status: number,
  { location, request }: { readonly location: string | undefined; readonly request: RequestHeaders },
): ProbeFailure {
  const detail = `Expected status 101, found ${status}`;
  if (REDIRECTS.has(status) && location !== undefined) {
    return new ProbeFailure("upgrade/rejected", { detail: `${detail}, a redirect, which the module does not follow` });
  }
  if ((status === 401 || status === 407) && request.authenticated) {
    return new ProbeFailure("login/rejected", { detail: `${detail}: the server does not accept the credentials` });
  }
  return new ProbeFailure("upgrade/rejected", { detail });
}

/** A round trip, also a long one; a server that does not answer the close may not hold the probe up. */
const GOODBYE_SECONDS = 0.5;

/** The verdict is made by now: neither the time that this takes nor its failing counts. */
async function sayGoodbye(connection: Connection, context: ProbeContext): Promise<void> {
  context.noteResponseTime(context.elapsedSeconds());
  using patience = startDeadline({
    seconds: Math.min(GOODBYE_SECONDS, context.secondsLeft() / 2),
    signal: context.signal,
  });
  await connection.close(patience.signal);
}
