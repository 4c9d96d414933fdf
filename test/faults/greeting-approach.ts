import type { Protocol } from "../../src/outcome/protocol.ts";
import type { Approach } from "./approach.ts";
import { startServer } from "./servers/fault-server.ts";

/** The protocols of lines in which the server speaks first. */
export type DialogueProtocol = Extract<Protocol, "smtp" | "pop3" | "imap" | "ftp">;

/** How such a protocol is pointed at a server: by its own scheme, which an `s` makes one of TLS from the first byte. */
export function greetingApproach(subject: DialogueProtocol): Approach {
  return {
    subject,
    listen: startServer,
    target: ({ host, port }, channel) => `${subject}${channel === "tls" ? "s" : ""}://${host}:${port}`,
    settings: ({ tls, sourceAddress }) => ({
      [subject]: {
        ...(tls === undefined ? {} : { tls_config: tls }),
        ...(sourceAddress === undefined ? {} : { source_ip_address: sourceAddress }),
      },
    }),
  };
}
