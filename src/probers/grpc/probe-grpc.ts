import { isIPv6, type Socket } from "node:net";
import { connect } from "../../network/connect.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import type { ProbeContext } from "../../probe/prober.ts";
import { reach } from "../../probe/reach.ts";
import { secureChannel } from "../../probe/secure-channel.ts";
import { takeTime } from "../../probe/take-time.ts";
import { USER_AGENT } from "../../probe/version.ts";
import { type Call, call } from "./call.ts";
import { decodeHealthStatus, SERVING_STATUSES } from "./health-message.ts";
import { failureOf, statusOf } from "./judge-answer.ts";
import { unframeMessage } from "./message-frame.ts";
import type { Metadata } from "./metadata.ts";
import type { GrpcSettings } from "./settings.ts";
import { readGrpcTarget } from "./target.ts";
import { timeoutHeader } from "./timeout-header.ts";

/** gRPC: one health check (grpc.health.v1), which has to answer SERVING. */
export async function probeGrpc(target: string, settings: GrpcSettings, context: ProbeContext): Promise<void> {
  const { host, port } = readGrpcTarget(target, settings);
  context.measure("probe_grpc_ssl", 0);
  context.measure("probe_grpc_duration_seconds", 0, { phase: "resolve" });
  const { ip } = await timed("resolve", context, () => reach(host, settings.family, context));
  await timed("check", context, () => check({ host, ip, port }, settings, context));
}

/** The server's name, and the address and port that were chosen for it. */
interface Place {
  readonly host: string;
  readonly ip: string;
  readonly port: number;
}

function timed<T>(phase: "resolve" | "check", context: ProbeContext, work: () => Promise<T>): Promise<T> {
  const note = (seconds: number): void => context.measure("probe_grpc_duration_seconds", seconds, { phase });
  return takeTime(work, { context, note });
}

async function check({ host, ip, port }: Place, settings: GrpcSettings, context: ProbeContext): Promise<void> {
  const { sourceAddress } = settings.family;
  measureServingStatus(undefined, context);
  using opened = new DisposableStack();
  const socket = await context.during("connect", () => connect({ ip, port, sourceAddress }, context));
  opened.defer(() => socket.destroy());
  const name = virtualHost(context) ?? host;
  const channel = settings.tls ? await secure(socket, { name, settings, context }) : socket;
  await context.during("exchange", () =>
    checkHealth(channel, { authority: authorityOf(name, port), settings, context }),
  );
}

/** The name that the scrape gives (`hostname=`) in place of the target's. */
function virtualHost({ hostname }: ProbeContext): string | undefined {
  const isName = hostname === undefined || (/^[!-~]+$/u.test(hostname) && !/[/?#@:[\]]/u.test(hostname));
  if (isName || isIPv6(hostname)) return hostname;
  throw new ProbeFailure("request/parameter-missing", { detail: "The scrape's hostname is no name of a host" });
}

async function secure(
  socket: Socket,
  {
    name,
    settings,
    context,
  }: { readonly name: string; readonly settings: GrpcSettings; readonly context: ProbeContext },
): Promise<Socket> {
  const options = { settings: settings.tlsSettings, host: name, protocols: ["h2"] };
  const channel = await secureChannel(socket, options, context);
  context.measure("probe_grpc_ssl", 1);
  if (channel.protocol === "h2") return channel.socket;
  channel.socket.destroy();
  const detail = "The server agrees to TLS but not to HTTP/2 in it (ALPN), without which there is no gRPC";
  throw new ProbeFailure("exchange/malformed", { detail });
}

/** A zone (`%eth0`) is of no meaning to anybody but this host. */
function authorityOf(name: string, port: number): string {
  return isIPv6(name) ? `[${name.replace(/%.*$/su, "")}]:${port}` : `${name}:${port}`;
}

async function checkHealth(
  channel: Socket,
  {
    authority,
    settings,
    context,
  }: { readonly authority: string; readonly settings: GrpcSettings; readonly context: ProbeContext },
): Promise<void> {
  const answer = await call(channel, callOf(authority, settings, context));
  const status = statusOf(answer);
  context.measure("probe_grpc_status_code", status.code);
  const failure = failureOf(status, settings.metadata.flatMap(sentBy));
  if (failure !== undefined) throw failure;
  const number = decodeHealthStatus(unframeMessage(answer.body));
  const serving = SERVING_STATUSES[number] ?? `status ${number}`;
  measureServingStatus(serving, context);
  if (serving === "SERVING") return;
  throw new ProbeFailure("content/status-not-allowed", { detail: `Expected SERVING, found ${serving}` });
}

/** An entry's values as they are sent and, where that is in base64, also as the server reads them. */
function sentBy([name, values]: Metadata[number]): readonly string[] {
  if (!name.endsWith("-bin")) return values;
  return [...values, ...values.map((value) => Buffer.from(value, "base64").toString())];
}

/** One series for each status, as in blackbox_exporter: 1 for the one that was answered. */
function measureServingStatus(serving: string | undefined, context: ProbeContext): void {
  for (const status of SERVING_STATUSES) {
    const labels = { serving_status: status };
    context.measure("probe_grpc_healthcheck_response", status === serving ? 1 : 0, labels);
  }
}

function callOf(authority: string, settings: GrpcSettings, context: ProbeContext): Call {
  const { tls, tlsSettings, metadata, request } = settings;
  return {
    headers: {
      ":method": "POST",
      ":scheme": tls ? "https" : "http",
      ":path": "/grpc.health.v1.Health/Check",
      ":authority": (tls ? tlsSettings.serverName : undefined) ?? authority,
      te: "trailers",
      "grpc-timeout": timeoutHeader(context.secondsLeft()),
      "content-type": "application/grpc",
      "user-agent": USER_AGENT,
      ...Object.fromEntries(metadata.map(([name, values]) => [name, values.length === 1 ? values[0] : [...values]])),
    },
    body: request,
    signal: context.signal,
  };
}
