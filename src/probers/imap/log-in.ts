import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { assertLoginAllowed } from "../../probe/assert-login-allowed.ts";
import { plainMessage, type SaslIdentity } from "../../probe/sasl.ts";
import type { Capabilities } from "./capabilities.ts";
import type { Condition } from "./response.ts";
import type { Completion, ImapSession } from "./session.ts";
import type { AuthMethod, ImapSettings } from "./settings.ts";

/** What a login needs beside the user. */
export interface LoginOptions {
  readonly settings: ImapSettings;
  readonly capabilities: Capabilities;
}

/**
 * Logs in. Throws ProbeFailure: `login/rejected` with the server's words where it does not let the user in;
 * `tls/not-offered` or `request/parameter-missing` where the password would go in the clear.
 */
export async function logIn(session: ImapSession, identity: SaslIdentity, options: LoginOptions): Promise<void> {
  const { settings, capabilities } = options;
  const method = chooseMethod(settings.authMethod, capabilities);
  assertLoginAllowed(session.channel, settings.mail);
  const { password } = identity;
  session.dialogue.conceal(password, password.replaceAll(/["\\]/gu, "\\$&"), plainMessage(identity));
  const { condition } = await METHODS[method]({ session, identity, capabilities });
  if (condition.status === "OK") return;
  const command = COMMANDS[method];
  if (condition.status === "NO") throw rejected(condition, { command, session });
  throw session.unexpected(condition, `OK in reply to ${command}`);
}

/** By itself it takes LOGIN, unless the server forbids that and has PLAIN. */
function chooseMethod(wanted: AuthMethod | "auto", capabilities: Capabilities): AuthMethod {
  if (wanted !== "auto") return wanted;
  return capabilities.has("LOGINDISABLED") && capabilities.has("AUTH=PLAIN") ? "plain" : "login";
}

interface Login {
  readonly session: ImapSession;
  readonly identity: SaslIdentity;
  readonly capabilities: Capabilities;
}

const METHODS: Readonly<Record<AuthMethod, (login: Login) => Promise<Completion>>> = {
  login: logInByPassword,
  plain: logInByPlain,
};

const COMMANDS: Readonly<Record<AuthMethod, string>> = { login: "LOGIN", plain: "AUTHENTICATE PLAIN" };

/** A server that says LOGINDISABLED must not be sent a password this way (RFC 3501 §6.2.3). */
async function logInByPassword({ session, identity, capabilities }: Login): Promise<Completion> {
  if (capabilities.has("LOGINDISABLED")) {
    const detail = "Expected the server to allow LOGIN, found LOGINDISABLED among its capabilities";
    throw new ProbeFailure("login/rejected", { detail });
  }
  return session.run(["LOGIN", { text: identity.username }, { text: identity.password }]);
}

/** With SASL-IR (RFC 4959) the message goes with the command; otherwise the server asks for it. */
function logInByPlain({ session, identity, capabilities }: Login): Promise<Completion> {
  const command = ["AUTHENTICATE", "PLAIN"];
  const message = plainMessage(identity);
  return capabilities.has("SASL-IR") ? session.run([...command, message]) : session.run(command, [message]);
}

function rejected(
  condition: Condition,
  { command, session }: { readonly command: string; readonly session: ImapSession },
): ProbeFailure {
  const meaning = MEANINGS.get(condition.code);
  const because = meaning === undefined ? "" : ` (${condition.code}: ${meaning})`;
  return new ProbeFailure("login/rejected", {
    detail: `The server rejects the login by ${command}${because}: ${session.quote(condition)}`,
  });
}

/** The response codes that tell why a login failed (RFC 5530 §3). */
const MEANINGS: ReadonlyMap<string, string> = new Map([
  ["AUTHENTICATIONFAILED", "the credentials are at fault"],
  ["AUTHORIZATIONFAILED", "the user may not act as the one that was asked for"],
  ["CONTACTADMIN", "the account needs its administrator"],
  ["EXPIRED", "the password is no longer valid"],
  ["INUSE", "another session holds the mailbox"],
  ["LIMIT", "there are too many sessions"],
  ["PRIVACYREQUIRED", "the server wants TLS first"],
  ["UNAVAILABLE", "a part of the server is down"],
]);
