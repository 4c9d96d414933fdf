import { isIPv4, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { classify } from "../../network/classify.ts";
import { connect } from "../../network/connect.ts";
import type { SecureChannel } from "../../network/secure.ts";
import { splitOutcome } from "../../outcome/outcome.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { ask, refusal, showReply } from "./dialogue.ts";
import { parseExtendedPassive, parsePassive } from "./passive-port.ts";
import { type Reply, replyKind } from "./reply.ts";
import type { Session } from "./session.ts";

/** Where the server awaits a data connection. */
export interface DataPlace {
  readonly ip: string;
  readonly port: number;
}

/**
 * Asks for a port for a data connection: by EPSV, and where the server does not know that, over IPv4 by PASV. The
 * address is always the control connection's, which the module's policy has vetted: what the server names is a private
 * address as often as not, and could be anybody's (RFC 2577 §3).
 */
export async function enterPassiveMode(session: Session): Promise<DataPlace> {
  const ip = session.channel.socket.remoteAddress;
  if (ip === undefined) throw new ProbeFailure("exchange/closed", { detail: "The server closed the connection" });
  const extended = await ask(session, EPSV);
  if (replyKind(extended) === "done") return { ip, port: readExtended(extended, session) };
  const isUnknown = replyKind(extended) === "refused" && !DECISIVE.has(extended.code);
  if (!isUnknown || !isIPv4(ip)) throw refusal(extended, { command: EPSV, session });
  const passive = await ask(session, PASV);
  if (replyKind(passive) !== "done") throw refusal(passive, { command: PASV, session });
  return { ip, port: readPassive(passive, { session, ip }) };
}

const EPSV = { line: "EPSV" };
const PASV = { line: "PASV" };

/** Whoever is asked to log in, or told goodbye, need not try another command. */
const DECISIVE: ReadonlySet<number> = new Set([421, 530, 532]);

function readExtended(reply: Reply, session: Session): number {
  const port = parseExtendedPassive(reply.lines.join(" "));
  if (port === undefined) throw unreadable(reply, { to: EPSV.line, session });
  return port;
}

function readPassive(reply: Reply, { session, ip }: { readonly session: Session; readonly ip: string }): number {
  const place = parsePassive(reply.lines.join(" "));
  if (place === undefined) throw unreadable(reply, { to: PASV.line, session });
  if (place.ip !== ip) session.context.log("info", "Server names another address", { named: place.ip, dialled: ip });
  return place.port;
}

function unreadable(reply: Reply, { to, session }: { readonly to: string; readonly session: Session }): ProbeFailure {
  const detail = `Expected a port in the reply to ${to}, found ${showReply(reply, session)}`;
  return new ProbeFailure("exchange/malformed", { detail });
}

/** Opens the data connection; throws `exchange/transfer-failed` where that does not succeed. The signal destroys it. */
export async function dialData(
  place: DataPlace,
  { session, signal }: { readonly session: Session; readonly signal: AbortSignal },
): Promise<Socket> {
  const { sourceAddress } = session.settings.family;
  try {
    return await connect({ ...place, sourceAddress }, { signal });
  } catch (error) {
    throw dataFailure(error, { phase: "connect", doing: `open a data connection to port ${place.port}` });
  }
}

/**
 * TLS over a data connection, where the control connection has it (RFC 4217 §9). Takes up the control connection's
 * session: servers demand that, for it proves that both are of one client. A server that begins a new session instead
 * has to show a certificate that is as good as that of the control connection.
 */
export async function secureData(
  socket: Socket,
  { session, signal }: { readonly session: Session; readonly signal: AbortSignal },
): Promise<Socket> {
  const { channel, settings, context } = session;
  if (!channel.encrypted) return socket;
  const { socket: secured, resumed, version, verdict } = await shakeHands(socket, { session, signal });
  context.log("debug", "Data connection secured", { resumed, version });
  const [gravest] = settings.tlsSettings.insecureSkipVerify ? [] : verdict.problems;
  if (gravest === undefined) return secured;
  secured.destroy();
  throw new ProbeFailure(gravest.outcome, { detail: `On the data connection: ${gravest.detail}` });
}

async function shakeHands(
  socket: Socket,
  { session, signal }: { readonly session: Session; readonly signal: AbortSignal },
): Promise<SecureChannel> {
  const { channel, settings, context } = session;
  const ticket = channel.socket instanceof TLSSocket ? channel.socket.getSession() : undefined;
  const options = { settings: settings.tlsSettings, host: channel.host, session: ticket, signal };
  try {
    return await context.network.tls.secure(socket, options);
  } catch (error) {
    throw dataFailure(error, { phase: "tls", doing: "start TLS on the data connection" });
  }
}

/** Whatever breaks a data connection is a transfer that failed, unless the fault is this host's. */
export function dataFailure(
  error: unknown,
  { phase, doing }: { readonly phase: "connect" | "tls" | "exchange"; readonly doing: string },
): ProbeFailure {
  const { outcome, detail } = classify(phase, error);
  if (splitOutcome(outcome).phase === "local") return new ProbeFailure(outcome, { detail, cause: error });
  return new ProbeFailure("exchange/transfer-failed", { detail: `Cannot ${doing}: ${detail}`, cause: error });
}
