import type { Socket } from "node:net";
import { connect } from "../../network/connect.ts";
import { startDeadline } from "../../network/deadline.ts";
import type { SecureChannel } from "../../network/secure.ts";
import type { TlsSettings } from "../../network/tls-settings.ts";
import type { Failure } from "../../outcome/outcome.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { defineProber, type ProbeContext } from "../../probe/prober.ts";
import { reach } from "../../probe/reach.ts";
import { secureChannel } from "../../probe/secure-channel.ts";
import { checkTlsa } from "./check-tlsa.ts";
import { probeFiles } from "./files.ts";
import { measureChannel } from "./measure-channel.ts";
import { askPage, judgePage } from "./page.ts";
import { refusalOf } from "./refusal.ts";
import { type PageSettings, type ProberSettings, proberSettings } from "./settings.ts";
import { startTls } from "./start-tls/start-tls.ts";
import { type Endpoint, readTarget } from "./target.ts";

/** TLS: the certificates of a server or of files, everything that is wrong with them, and what the server agrees to. */
export const tls = defineProber({ protocol: "tls", settings: proberSettings, probe: probeTls });

async function probeTls(target: string, settings: ProberSettings, context: ProbeContext): Promise<void> {
  const place = readTarget(target, settings);
  if (place.kind === "files") {
    await probeFiles(place.pattern, settings, context);
    return;
  }
  const { page } = settings;
  const mostRedirects = page?.mostRedirects ?? 0;
  const first: Endpoint = { ...place, path: page?.path ?? place.path };
  let next = await visit(first, { settings, context, page, name: context.hostname ?? place.host });
  for (let redirects = 1; next !== undefined; redirects += 1) {
    context.measure("probe_tls_http_redirects", redirects);
    if (redirects > mostRedirects) {
      const detail = `The page leads on after ${mostRedirects} redirects`;
      throw new ProbeFailure("redirect/too-many", { detail });
    }
    next = await visit(next, { settings, context, page: pageAt(next, { page, first }), name: next.host });
  }
}

/** The credentials are for the first server alone. */
function pageAt(
  { host, port }: Endpoint,
  { page, first }: { readonly page: PageSettings | undefined; readonly first: Endpoint },
): PageSettings | undefined {
  if (page === undefined || (host === first.host && port === first.port)) return page;
  return { ...page, authorization: undefined };
}

/** What one server is visited with. */
interface Visit {
  readonly settings: ProberSettings;
  readonly context: ProbeContext;
  readonly page: PageSettings | undefined;
  /** The name to verify, unless `tls_config` has another. */
  readonly name: string;
}

/** Looks at one server, and yields where its page leads to. */
async function visit(endpoint: Endpoint, { settings, context, page, name }: Visit): Promise<Endpoint | undefined> {
  const { family, tlsSettings } = settings;
  const { ip } = await reach(endpoint.host, family, context);
  const call: Call = { endpoint, ip, name, page, settings, context };
  await using opened = new AsyncDisposableStack();
  const socket = await open(call, { opened, signal: context.signal });
  const channel = await secureChannel(
    socket,
    { settings: tlsSettings, host: name, staple: "ask", judge: judgeFor(call) },
    context,
  );
  opened.defer(() => void channel.socket.destroy());
  const next = page === undefined ? undefined : await askFor(page, { channel, call });
  // Small servers take one connection at a time.
  channel.socket.destroy();
  await scanVersions(call);
  return next;
}

function askFor(
  page: PageSettings,
  { channel, call }: { readonly channel: SecureChannel; readonly call: Call },
): Promise<Endpoint | undefined> {
  const { endpoint, context } = call;
  return context.during("exchange", async () => {
    context.noteWait("the head of the page");
    const head = await askPage(channel.socket, { settings: page, endpoint });
    context.measure("probe_tls_http_status_code", head.status);
    context.noteHttpStatus(head.status);
    return judgePage(head, { settings: page, endpoint });
  });
}

interface Call extends Visit {
  readonly endpoint: Endpoint;
  readonly ip: string;
}

function judgeFor({ endpoint, settings, context }: Call) {
  return async (channel: SecureChannel) => {
    measureChannel(channel, settings, context);
    const misfit = settings.checkTlsa ? await checkTlsa(channel, endpoint, context) : undefined;
    return refusalOf(channel, settings) ?? misfit;
  };
}

/** A socket on which the handshake may begin. */
async function open(
  { endpoint, ip, name, settings, context }: Call,
  { opened, signal }: { readonly opened: AsyncDisposableStack; readonly signal: AbortSignal },
): Promise<Socket> {
  const { port, startTls: protocol } = endpoint;
  const { sourceAddress } = settings.family;
  const socket = await context.during("connect", () => connect({ ip, port, sourceAddress }, { signal }));
  opened.defer(() => void socket.destroy());
  if (protocol === undefined) return socket;
  await context.during("exchange", () => {
    context.noteWait(`the server to turn to TLS as one of ${protocol} does`);
    return startTls(socket, { protocol, host: name });
  });
  return socket;
}

/**
 * One handshake for each version of TLS. A server that cannot be asked has no series for that version: some hosts never
 * answer a version that they do not want, so each has its share of the time that is left, and none ends the probe.
 */
async function scanVersions(call: Call): Promise<void> {
  const { context, settings } = call;
  for (const [index, { version, tlsSettings }] of settings.versionScan.entries()) {
    const shares = settings.versionScan.length - index + 1;
    using patience = startDeadline({ seconds: context.secondsLeft() / shares, signal: context.signal });
    const offered = await offers(call, { settings: tlsSettings, signal: patience.signal });
    if (offered !== undefined) context.measure("probe_tls_version_offered", offered ? 1 : 0, { version });
  }
}

async function offers(
  call: Call,
  { settings, signal }: { readonly settings: TlsSettings; readonly signal: AbortSignal },
): Promise<boolean | undefined> {
  const { context, name } = call;
  await using opened = new AsyncDisposableStack();
  try {
    const socket = await open(call, { opened, signal });
    const channel = await context.during("tls", () =>
      context.network.tls.secure(socket, { settings, host: name, signal }),
    );
    channel.socket.destroy();
    return true;
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof ProbeFailure) || error.outcome.startsWith("local/")) throw error;
    if (REFUSALS.has(error.outcome) && !signal.aborted) return false;
    context.log("warn", "Whether a version of TLS is offered cannot be told", { detail: error.detail });
    return undefined;
  }
}

/** Many servers hang up on a version that they do not want, without an alert. */
const REFUSALS: ReadonlySet<Failure> = new Set<Failure>(["tls/no-common-cipher", "tls/handshake-failed"]);
