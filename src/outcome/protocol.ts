/** Every protocol that a module's `prober` can name; one folder of `probers/` each. */
export const PROTOCOLS = [
  "http",
  "tls",
  "tcp",
  "unix",
  "udp",
  "icmp",
  "dns",
  "smtp",
  "pop3",
  "imap",
  "ftp",
  "websocket",
  "grpc",
  "domain",
  "server",
] as const;

export type Protocol = (typeof PROTOCOLS)[number];
