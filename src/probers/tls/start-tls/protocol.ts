/** Protocols that begin in the clear and turn to TLS when asked, with their usual port. */
export const STARTTLS_PORTS = {
  smtp: 25,
  imap: 143,
  pop3: 110,
  ftp: 21,
  ldap: 389,
  postgres: 5432,
  mysql: 3306,
  xmpp: 5222,
} as const;

export type StartTlsProtocol = keyof typeof STARTTLS_PORTS;
