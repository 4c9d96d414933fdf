import { z } from "zod";
import type { TlsSettings } from "../network/tls-settings.ts";
import { type ConversationStep, conversationStep } from "./query-response.ts";
import { readTls, tlsShape } from "./tls-shape.ts";
import { yamlBoolean } from "./yaml-boolean.ts";

/** How to talk over a stream. */
export interface ConversationSettings {
  readonly steps: readonly ConversationStep[];
  /** Whether TLS is spoken from the first byte. */
  readonly tls: boolean;
  /** For TLS from the first byte as well as for a step that starts it. */
  readonly tlsSettings: TlsSettings;
}

/** The keys of a conversation over a stream; spread into the strict object of a protocol's settings. */
export const conversationShape = {
  query_response: z.array(conversationStep).nullish(),
  tls: yamlBoolean.optional(),
  ...tlsShape,
};

const raw = z.strictObject(conversationShape);

/** The conversation that these keys describe; TLS can start only once, which is an issue where it would twice. */
export function readConversation(
  given: z.output<typeof raw>,
  { context }: { readonly context: z.RefinementCtx },
): ConversationSettings {
  const steps = given.query_response ?? [];
  const tls = given.tls ?? false;
  const message = startTlsProblem(steps, { tls });
  if (message !== undefined) context.addIssue({ code: "custom", path: ["query_response"], message });
  return { steps, tls, tlsSettings: readTls(given) };
}

function startTlsProblem(steps: readonly ConversationStep[], { tls }: { readonly tls: boolean }): string | undefined {
  const switches = steps.filter(({ startTls }) => startTls).length;
  if (tls && switches > 0) return "tls and an entry with starttls are mutually exclusive";
  return switches > 1 ? "at most one entry may have starttls" : undefined;
}
