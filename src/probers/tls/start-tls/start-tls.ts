import type { Socket } from "node:net";
import { askLdap } from "./ldap.ts";
import { askFtp, askImap, askPop3, askSmtp } from "./lines.ts";
import { askMysql } from "./mysql.ts";
import { askPostgres } from "./postgres.ts";
import type { StartTlsProtocol } from "./protocol.ts";
import { askXmpp } from "./xmpp.ts";

/**
 * Asks a server to turn to TLS; afterwards the handshake may begin on the socket. Throws `ProbeFailure`:
 * `tls/not-offered` where it does not want to, `exchange/malformed`, `exchange/closed`; otherwise the stream's error.
 */
export async function startTls(
  socket: Socket,
  { protocol, host }: { readonly protocol: StartTlsProtocol; readonly host: string },
): Promise<void> {
  await DIALOGUES[protocol](socket, host);
}

const DIALOGUES: Readonly<Record<StartTlsProtocol, (socket: Socket, host: string) => Promise<void>>> = {
  smtp: askSmtp,
  imap: askImap,
  pop3: askPop3,
  ftp: askFtp,
  ldap: askLdap,
  postgres: askPostgres,
  mysql: askMysql,
  xmpp: askXmpp,
};
