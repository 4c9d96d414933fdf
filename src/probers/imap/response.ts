import { parseTokens, type Token } from "./tokens.ts";

/** One response of a server (RFC 3501 §7): a condition, data, or a wish for the rest of the command. */
export type Response = Condition | Data | Continuation;

/** The end of a command, or news that nobody asked for (RFC 3501 §7.1). */
export interface Condition {
  readonly kind: "condition";
  /** Of the command that ended; `*` where none did. */
  readonly tag: string;
  readonly status: (typeof STATUSES)[number];
  /** The first word of the response code in upper case, e.g. `AUTHENTICATIONFAILED`; empty where there is none. */
  readonly code: string;
  /** What follows the status, the code included. */
  readonly text: string;
}

/** E.g. `* STATUS inbox (MESSAGES 3)`. */
export interface Data {
  readonly kind: "data";
  /** In upper case; of `* 3 EXISTS` it is `3`. */
  readonly name: string;
  readonly tokens: readonly Token[];
}

interface Continuation {
  readonly kind: "continuation";
  readonly text: string;
}

const STATUSES = ["OK", "NO", "BAD", "BYE", "PREAUTH"] as const;

/**
 * Reads a whole response, its literals included, without the end of its last line: one character for each byte.
 * Undefined where it is none.
 */
export function parseResponse(text: string): Response | undefined {
  return parseContinuation(text) ?? parseCondition(text) ?? parseData(text);
}

/** Whether lines of the response that starts with this one may end with the size of a literal: text for people has none. */
export function mayHoldLiterals(firstLine: string): boolean {
  return parseContinuation(firstLine) === undefined && parseCondition(firstLine) === undefined;
}

/** The number of bytes that follow a line as a literal (RFC 3501 §4.3); undefined where the line announces none. */
export function literalSize(line: string): number | undefined {
  const size = LITERAL.exec(line)?.[1];
  return size === undefined ? undefined : Number(size);
}

/** Of as many digits as a number has that is exact. */
const LITERAL = /\{(\d{1,15})\}$/u;

function parseContinuation(text: string): Continuation | undefined {
  const [found, content = ""] = /^\+(?: (.*))?$/su.exec(text) ?? [];
  return found === undefined ? undefined : { kind: "continuation", text: content };
}

function parseCondition(line: string): Condition | undefined {
  const { tag, word = "", text = "" } = CONDITION.exec(line)?.groups ?? {};
  const status = STATUSES.find((one) => one === word.toUpperCase());
  if (tag === undefined || status === undefined) return undefined;
  return { kind: "condition", tag, status, code: CODE.exec(text)?.[1]?.toUpperCase() ?? "", text };
}

const CONDITION = /^(?<tag>\*|[A-Za-z0-9.]+) (?<word>[A-Za-z]+)(?: (?<text>.*))?$/su;

/** The longest that is registered, HIGHESTMODSEQ's neighbours among them, has 22 characters. */
const CODE = /^\[([A-Za-z][A-Za-z0-9.-]{0,39})[ \]]/u;

function parseData(text: string): Data | undefined {
  const tokens = text.startsWith("* ") ? parseTokens(text.slice(2)) : undefined;
  const [name, ...others] = tokens ?? [];
  return typeof name === "string" ? { kind: "data", name: name.toUpperCase(), tokens: others } : undefined;
}
