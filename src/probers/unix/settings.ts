import { z } from "zod";
import { type ConversationSettings, conversationShape, readConversation } from "../../settings/conversation.ts";

/** Reads the `unix` block of a module. */
export const unixSettings: z.ZodType<ConversationSettings> = z
  .strictObject(conversationShape)
  .transform((raw, context): ConversationSettings => readConversation(raw, { context }));
