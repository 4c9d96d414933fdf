import { DNS_FAULTS } from "./dns/all.ts";
import { DOMAIN_FAULTS } from "./domain/all.ts";
import type { Fault } from "./fault.ts";
import { FTP_FAULTS } from "./ftp/all.ts";
import { GRPC_FAULTS } from "./grpc/all.ts";
import { HTTP_FAULTS } from "./http/all.ts";
import { ICMP_FAULTS } from "./icmp/all.ts";
import { IMAP_FAULTS } from "./imap/all.ts";
import { MODULE_FAULTS } from "./module-faults.ts";
import { POP3_FAULTS } from "./pop3/all.ts";
import { SERVER_FAULTS } from "./server/all.ts";
import { SMTP_FAULTS } from "./smtp/all.ts";
import { TCP_FAULTS } from "./tcp/all.ts";
import { TLS_FAULTS } from "./tls/all.ts";
import { UDP_FAULTS } from "./udp/all.ts";
import { UNIX_FAULTS } from "./unix/all.ts";
import { WEBSOCKET_FAULTS } from "./websocket/all.ts";

/** Every fault, protocol by protocol; the first are those of a scrape whose protocol is unknown. */
export const FAULTS: readonly Fault[] = [
  ...MODULE_FAULTS,
  ...HTTP_FAULTS,
  ...TLS_FAULTS,
  ...TCP_FAULTS,
  ...UNIX_FAULTS,
  ...UDP_FAULTS,
  ...ICMP_FAULTS,
  ...DNS_FAULTS,
  ...WEBSOCKET_FAULTS,
  ...SMTP_FAULTS,
  ...POP3_FAULTS,
  ...IMAP_FAULTS,
  ...FTP_FAULTS,
  ...GRPC_FAULTS,
  ...SERVER_FAULTS,
  ...DOMAIN_FAULTS,
];
