import { z } from "zod";
import { type AddressFamily, addressFamilyShape, readAddressFamily } from "../../settings/address-family.ts";
import { type ConversationSettings, conversationShape, readConversation } from "../../settings/conversation.ts";

/** A module's `tcp` block, decoded. */
export interface TcpSettings {
  readonly family: AddressFamily;
  readonly conversation: ConversationSettings;
}

/** Reads the `tcp` block of a module. */
export const tcpSettings: z.ZodType<TcpSettings> = z
  .strictObject({ ...addressFamilyShape, ...conversationShape })
  .transform(
    (raw, context): TcpSettings => ({
      family: readAddressFamily(raw),
      conversation: readConversation(raw, { context }),
    }),
  );
