import type { Protocol } from "../outcome/protocol.ts";
import type { Prober } from "../probe/prober.ts";
import { dns } from "./dns/dns.ts";
import { domain } from "./domain/domain.ts";
import { ftp } from "./ftp/ftp.ts";
import { grpc } from "./grpc/grpc.ts";
import { http } from "./http/http.ts";
import { icmp } from "./icmp/icmp.ts";
import { imap } from "./imap/imap.ts";
import { pop3 } from "./pop3/pop3.ts";
import { server } from "./server/server.ts";
import { smtp } from "./smtp/smtp.ts";
import { tcp } from "./tcp/tcp.ts";
import { tls } from "./tls/tls.ts";
import { udp } from "./udp/udp.ts";
import { unix } from "./unix/unix.ts";
import { websocket } from "./websocket/websocket.ts";

/** A new protocol does not compile until it has its prober here. */
const TABLE: Readonly<Record<Protocol, Prober>> = {
  http,
  tls,
  tcp,
  unix,
  udp,
  icmp,
  dns,
  smtp,
  pop3,
  imap,
  ftp,
  websocket,
  grpc,
  domain,
  server,
};

/** Every protocol that can be probed, by the name that `prober:` has in a module. */
export const PROBERS: readonly Prober[] = Object.values(TABLE);
