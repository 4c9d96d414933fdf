import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { assertLoginAllowed } from "../../probe/assert-login-allowed.ts";
import { plainMessage, type SaslIdentity } from "../../probe/sasl.ts";
import { apopDigest } from "./apop.ts";
import { type Capabilities, offersMechanism } from "./capabilities.ts";
import type { Reply } from "./reply.ts";
import type { Pop3Session } from "./session.ts";
import type { AuthMethod, Pop3Settings } from "./settings.ts";

/** What a login needs beside the user. */
export interface LoginOptions {
  readonly settings: Pop3Settings;
  readonly capabilities: Capabilities;
  /** The greeting's, for APOP. */
  readonly timestamp: string | undefined;
}

/**
 * Logs in. Throws ProbeFailure: `login/rejected` with the server's words where it does not let the user in;
 * `tls/not-offered` or `request/parameter-missing` where the password would go in the clear.
 */
export async function logIn(session: Pop3Session, identity: SaslIdentity, options: LoginOptions): Promise<void> {
  const method = chooseMethod(options.settings.authMethod, options.capabilities);
  if (method !== "apop") assertLoginAllowed(session.channel, options.settings.mail);
  session.dialogue.conceal(identity.password, plainMessage(identity));
  await METHODS[method]({ session, identity, timestamp: options.timestamp });
}

/** By itself it takes USER and PASS, unless the server lists PLAIN alone. */
function chooseMethod(wanted: AuthMethod | "auto", capabilities: Capabilities): AuthMethod {
  if (wanted !== "auto") return wanted;
  return !capabilities.has("USER") && offersMechanism(capabilities, "PLAIN") ? "plain" : "user";
}

interface Login {
  readonly session: Pop3Session;
  readonly identity: SaslIdentity;
  readonly timestamp: string | undefined;
}

const METHODS: Readonly<Record<AuthMethod, (login: Login) => Promise<void>>> = {
  user: logInByPassword,
  apop: logInByDigest,
  plain: logInByPlain,
};

async function logInByPassword({ session, identity }: Login): Promise<void> {
  const named = await session.command(`USER ${identity.username}`);
  if (named.status !== "ok") throw rejected(named, { command: "USER", session });
  const proven = await session.command(`PASS ${identity.password}`, { shown: "PASS" });
  if (proven.status !== "ok") throw rejected(proven, { command: "PASS", session });
}

async function logInByDigest({ session, identity, timestamp }: Login): Promise<void> {
  if (timestamp === undefined) {
    const detail = "Expected the server to offer APOP, found no timestamp in its greeting";
    throw new ProbeFailure("login/rejected", { detail });
  }
  const digest = apopDigest(timestamp, identity.password);
  session.dialogue.conceal(digest);
  const proven = await session.command(`APOP ${identity.username} ${digest}`, { shown: "APOP" });
  if (proven.status !== "ok") throw rejected(proven, { command: "APOP", session });
}

/** The message waits for the server's challenge: not every server takes it with the command (RFC 5034 §4). */
async function logInByPlain({ session, identity }: Login): Promise<void> {
  const challenge = await session.command("AUTH PLAIN");
  if (challenge.status === "error") throw rejected(challenge, { command: "AUTH PLAIN", session });
  if (challenge.status === "ok") throw session.unexpected(challenge, "a challenge in reply to AUTH PLAIN");
  const proven = await session.command(plainMessage(identity), { shown: "the message of PLAIN" });
  if (proven.status !== "ok") throw rejected(proven, { command: "AUTH PLAIN", session });
}

function rejected(
  reply: Reply,
  { command, session }: { readonly command: string; readonly session: Pop3Session },
): ProbeFailure {
  if (reply.status !== "error") return session.unexpected(reply, `the end of the login in reply to ${command}`);
  const meaning = MEANINGS.get(reply.code);
  const because = meaning === undefined ? "" : ` (${reply.code}: ${meaning})`;
  return new ProbeFailure("login/rejected", {
    detail: `The server rejects the login by ${command}${because}: ${session.quote(reply)}`,
  });
}

/** The response codes that tell why a login failed (RFC 2449 §8.1, RFC 3206 §3). */
const MEANINGS: ReadonlyMap<string, string> = new Map([
  ["AUTH", "the credentials are at fault"],
  ["IN-USE", "another session holds the maildrop"],
  ["LOGIN-DELAY", "the last login was too short a while ago"],
  ["SYS/TEMP", "the server has trouble that should pass"],
  ["SYS/PERM", "the server has trouble that needs its administrator"],
]);
