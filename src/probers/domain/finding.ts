import { z } from "zod";

const domainRecord = z.object({
  source: z.enum(["rdap", "whois"]),
  /** The host that answered. */
  server: z.string(),
  expiresAt: z.number().optional(),
  registrarExpiresAt: z.number().optional(),
  registeredAt: z.number().optional(),
  changedAt: z.number().optional(),
  /** In the words of EPP; empty where the registry publishes none. */
  statuses: z.array(z.string()).readonly(),
  registrar: z.string().optional(),
  registrarIanaId: z.string().optional(),
  nameServers: z.array(z.string()).readonly(),
  /** Absent where the registry does not say. */
  dnssec: z.boolean().optional(),
});

/** What a registry publishes of a domain; times in Unix seconds, absent where it publishes none. */
export type DomainRecord = Readonly<z.output<typeof domainRecord>>;

/** How a finding is written in the store, for whoever reads it back. */
export const findingSchema = z.union([
  z.object({ kind: z.literal("registered"), record: domainRecord }),
  z.object({ kind: z.literal("not-registered"), source: z.enum(["rdap", "whois"]), server: z.string() }),
]);

/** What a registry answered: the domain's record, or that it has none. */
export type Finding = Readonly<z.output<typeof findingSchema>>;

/** A domain has 13 name servers at most by RFC 9199's advice; a hostile record may have any number. */
export const MOST_NAME_SERVERS = 20;

/** A registrar's or a server's name as it may stand in a label: one line of at most 100 characters. */
export function labelText(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  return line.slice(0, 100).toWellFormed();
}
