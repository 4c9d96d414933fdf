import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { printable } from "../../probe/printable.ts";
import type { ConversationStep, Expectation } from "../../settings/query-response.ts";
import type { Captures } from "../../settings/regular-expression.ts";

export type Verdict =
  | { readonly kind: "good"; readonly captures: Captures | undefined }
  | { readonly kind: "bad"; readonly failure: ProbeFailure };

/** Holds one whole message against what an entry expects of it; `show` makes its beginning fit for a detail. */
export function judgeMessage(message: Buffer, step: ConversationStep, show: (text: string) => string): Verdict {
  const present = step.forbidden.find((part) => holdsPart(message, part));
  if (present !== undefined) {
    return bad("content/forbidden", `The message holds ${quoted(present)}, which is forbidden`);
  }
  const { expectation } = step;
  if (expectation === undefined) return GOOD;
  const captures = expectation.kind === "line" ? expectation.pattern.match(message.toString()) : undefined;
  const isMet = expectation.kind === "line" ? captures !== undefined : holds(message, expectation);
  if (isMet) return { kind: "good", captures };
  const found = JSON.stringify(printable(show(message.subarray(0, 1000).toString("latin1"))));
  return bad("content/missing", `Expected ${wantedMessage(step, message)}, found ${found}`);
}

const GOOD: Verdict = { kind: "good", captures: undefined };

function bad(outcome: "content/missing" | "content/forbidden", detail: string): Verdict {
  return { kind: "bad", failure: new ProbeFailure(outcome, { detail }) };
}

type Bytes = Exclude<Expectation, { readonly kind: "line" }>;

function holds(message: Buffer, expectation: Bytes): boolean {
  if (expectation.kind === "bytes") return message.equals(expectation.bytes);
  return expectation.parts.every((part) => holdsPart(message, part));
}

function holdsPart(message: Buffer, part: Uint8Array): boolean {
  return message.indexOf(part) >= 0;
}

/** What an entry wants of a message, of which this much has come. */
export function wantedMessage({ expectation }: ConversationStep, message: Buffer): string {
  if (expectation === undefined) return "a message";
  if (expectation.kind === "line") return `a message that matches ${JSON.stringify(expectation.pattern.source)}`;
  if (expectation.kind === "bytes") return `the message ${quoted(expectation.bytes)}`;
  const absent = expectation.parts.find((part) => !holdsPart(message, part));
  return `a message with ${quoted(absent ?? new Uint8Array())}`;
}

function quoted(content: Uint8Array): string {
  return JSON.stringify(printable(content));
}
