import { isUtf8 } from "node:buffer";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { expandTemplate } from "../../probe/expand-template.ts";
import { exposeLabels } from "../../probe/expose-labels.ts";
import type { ProbeContext } from "../../probe/prober.ts";
import type { ConversationStep, Sending } from "../../settings/query-response.ts";
import type { Captures } from "../../settings/regular-expression.ts";
import type { Connection, Message } from "./connection.ts";
import { judgeMessage, wantedMessage } from "./judge-message.ts";
import type { WebSocketSettings } from "./settings.ts";

/** What a conversation is part of. */
export interface Conversation {
  readonly settings: Pick<WebSocketSettings, "steps" | "messageType">;
  readonly context: ProbeContext;
  /** Makes what the server says fit to be shown. */
  readonly show: (text: string) => string;
}

/** How many messages a conversation reads: one for each entry that expects something. */
export function messagesRead(steps: readonly ConversationStep[]): number {
  return steps.filter(listens).length;
}

/**
 * Goes through the entries of `query_response`: each reads exactly one message, if it expects anything of it, and then
 * sends one. Throws ProbeFailure `content/…` or `exchange/…`.
 */
export async function converse(connection: Connection, conversation: Conversation): Promise<void> {
  const { settings, context } = conversation;
  for (const [index, step] of settings.steps.entries()) {
    const captures = listens(step) ? await hear(connection, { step, conversation }) : undefined;
    if (step.expectation !== undefined) context.log("debug", "Expectation met", { step: index + 1 });
    exposeLabels(step.labels, { captures, context });
    if (step.sending !== undefined) await connection.send(contentOf(step.sending, captures));
  }
}

function listens({ expectation, forbidden }: ConversationStep): boolean {
  return expectation !== undefined || forbidden.length > 0;
}

async function hear(
  connection: Connection,
  { step, conversation }: { readonly step: ConversationStep; readonly conversation: Conversation },
): Promise<Captures | undefined> {
  const { settings, context, show } = conversation;
  context.noteWait(wantedMessage(step, NOTHING));
  const message = await connection.receive();
  refuseOtherType(message, settings.messageType);
  const verdict = judgeMessage(message.bytes, step, show);
  if (verdict.kind === "good") return verdict.captures;
  if (step.expectation?.kind === "line" && verdict.failure.outcome === "content/missing") {
    context.measure("probe_websocket_failed_due_to_regex", 1);
  }
  throw verdict.failure;
}

const NOTHING = Buffer.alloc(0);

function refuseOtherType({ kind }: Message, wanted: WebSocketSettings["messageType"]): void {
  if (wanted === "any" || wanted === kind) return;
  const detail = `Expected a ${wanted} message, found a ${kind} one`;
  throw new ProbeFailure("exchange/malformed", { detail });
}

/** `send` is a text message, as in blackbox_exporter; the other keys are for binary ones. */
function contentOf({ key, bytes }: Sending, captures: Captures | undefined): string | Uint8Array {
  const isTemplate = captures !== undefined && key !== "send_hex" && isUtf8(bytes);
  const filled = isTemplate ? Buffer.from(expandTemplate(Buffer.from(bytes).toString(), captures)) : bytes;
  return key === "send" ? Buffer.from(filled).toString() : filled;
}
