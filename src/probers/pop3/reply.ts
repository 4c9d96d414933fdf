/** One reply to a command (RFC 1939 §3), or a challenge of SASL (RFC 5034 §4). */
export interface Reply {
  readonly status: "ok" | "error" | "challenge";
  /** The extended response code (RFC 2449 §8), e.g. `AUTH`, `IN-USE` or `SYS/TEMP`; empty where there is none. */
  readonly code: string;
  /** What follows the status, the code included. */
  readonly text: string;
}

/** Reads the line of a reply, without its end; undefined where it is none. The status is in upper case (RFC 1939 §3). */
export function parseReply(line: string): Reply | undefined {
  const { indicator, text = "" } = REPLY.exec(line)?.groups ?? {};
  const status = STATUSES.get(indicator ?? "");
  if (status === undefined) return undefined;
  const code = status === "challenge" ? undefined : CODE.exec(text)?.[1];
  return { status, code: code?.toUpperCase() ?? "", text };
}

const REPLY = /^(?<indicator>\+OK|-ERR|\+)(?:[ \t]+(?<text>.*))?$/su;

/** One or more levels of printable characters between brackets (RFC 2449 §8), of which the longest known has 9. */
const CODE = /^\[([\u0021-\u005a\u005c\u005e-\u007e]{1,32})\]/u;

const STATUSES: ReadonlyMap<string, Reply["status"]> = new Map([
  ["+OK", "ok"],
  ["-ERR", "error"],
  ["+", "challenge"],
]);
