import type { FailureOf } from "../../outcome/outcome.ts";
import type { ProbeFailure } from "../../outcome/probe-failure.ts";
import { type Credentials, readPassword } from "../../settings/credentials.ts";
import { ask, type Command, type Meaning, refusal } from "./dialogue.ts";
import { type Reply, replyKind } from "./reply.ts";
import type { Session } from "./session.ts";

/** Whom to log in. */
export interface Login {
  readonly username: string;
  readonly password: string;
  readonly kind: "anonymous" | "named";
}

/** The login of a module; throws as `readPassword` does. Whoever has no account is anonymous (RFC 1635 §1). */
export async function readLogin(credentials: Credentials | undefined): Promise<Login> {
  if (credentials === undefined) return ANONYMOUS;
  const { username } = credentials;
  const kind = ANONYMOUS_NAMES.has(username.toLowerCase()) ? "anonymous" : "named";
  return { username, password: await readPassword(credentials), kind };
}

/** The password is by custom an address of mail, and no secret. */
const ANONYMOUS: Login = { username: "anonymous", password: "ftp@example.com", kind: "anonymous" };

const ANONYMOUS_NAMES: ReadonlySet<string> = new Set(["anonymous", "ftp"]);

/** Logs in by USER and PASS; throws `ProbeFailure` of phase `login` where the server lets nobody in by them. */
export async function logIn(session: Session, login: Login): Promise<void> {
  if (login.password !== ANONYMOUS.password) session.dialogue.conceal(login.password);
  const user = { line: `USER ${login.username}` };
  const named = await ask(session, user);
  if (replyKind(named) === "done") return;
  if (named.code !== NEEDS_PASSWORD) throw denied(named, { command: user, session, login });
  const pass = { line: `PASS ${login.password}`, shown: "PASS" };
  const proven = await ask(session, pass);
  if (replyKind(proven) !== "done") throw denied(proven, { command: pass, session, login });
}

const NEEDS_PASSWORD = 331;
const NEEDS_ACCOUNT = 332;

function denied(
  reply: Reply,
  told: { readonly command: Command; readonly session: Session; readonly login: Login },
): ProbeFailure {
  const { command, session, login } = told;
  return refusal(reply, { command, session, meaning: DENIALS[login.kind] });
}

const DENIALS: Readonly<Record<Login["kind"], Meaning>> = {
  anonymous: denial("login/anonymous-denied"),
  named: denial("login/rejected"),
};

/** Whoever is asked for the password again, or for an account besides, is not let in by what there is. */
function denial(outcome: FailureOf<"login">): Meaning {
  return {
    byCode: new Map([
      ...[NEEDS_PASSWORD, NEEDS_ACCOUNT].map((code) => [code, outcome] as const),
      ...[500, 501, 502, 503, 504].map((code) => [code, "exchange/command-failed"] as const),
    ]),
    otherwise: outcome,
  };
}
