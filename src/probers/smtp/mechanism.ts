import { base64, cramMd5Answer, plainMessage, type SaslIdentity, xoauth2Message } from "../../probe/sasl.ts";

/** The mechanisms of AUTH that a module can ask for, as its configuration writes them. */
export const MECHANISMS = ["plain", "login", "cram-md5", "xoauth2"] as const;
export type Mechanism = (typeof MECHANISMS)[number];

/** What a mechanism says: with the command, and then to each challenge of the server (in base64) in turn. */
export interface Script {
  readonly initial: string | undefined;
  readonly answers: readonly ((challenge: string) => string)[];
}

/** What each mechanism says for an identity. */
export const SCRIPTS = {
  plain: (identity) => ({ initial: plainMessage(identity), answers: [] }),
  login: ({ username, password }) => ({
    initial: undefined,
    answers: [() => base64(username), () => base64(password)],
  }),
  "cram-md5": (identity) => ({ initial: undefined, answers: [(challenge) => cramMd5Answer(challenge, identity)] }),
  // A token that does not do is answered by an error in JSON, and the reply comes after an empty line.
  xoauth2: (identity) => ({ initial: xoauth2Message(identity), answers: [() => ""] }),
} as const satisfies Record<Mechanism, (identity: SaslIdentity) => Script>;

/** Whether the mechanism proves a password without sending it, so that it may go over a connection without TLS. */
export function keepsPassword(mechanism: Mechanism): boolean {
  return mechanism === "cram-md5";
}

/**
 * The mechanism to use of those that the server offers, undefined where none will do. By itself it takes those that
 * keep the password first where the connection does not, and never XOAUTH2, whose password is none.
 */
export function chooseMechanism(choice: {
  readonly wanted: Mechanism | "auto";
  readonly offered: readonly string[];
  readonly encrypted: boolean;
}): Mechanism | undefined {
  const { wanted, offered, encrypted } = choice;
  const byPreference: readonly Mechanism[] = encrypted
    ? ["plain", "login", "cram-md5"]
    : ["cram-md5", "plain", "login"];
  const candidates = wanted === "auto" ? byPreference : [wanted];
  return candidates.find((mechanism) => offered.includes(mechanism.toUpperCase()));
}
