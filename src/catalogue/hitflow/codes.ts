import type { CodeOf, DictionarySection, ListOf } from "../dictionary.ts";

/** Hitflow's statuses, in the order of its page "Service Status Lists". */
export const HITFLOW_CODES = [
  {
    list: "service",
    title: "Service uptime status, General",
    page: "status list",
    rows: [
      { code: 0, message: "Service accessible", meaning: "The last check passed." },
      {
        code: -1,
        message: "Created, not yet activated",
        meaning: "The service is declared, but its monitoring has not been switched on yet.",
      },
      { code: -2, message: "Monitoring disabled", meaning: "Someone switched the monitoring of this service off." },
      {
        code: -3,
        message: "Activated, not yet checked",
        meaning: "Monitoring is on, and the first check has not finished yet.",
      },
      {
        code: 100,
        message: "Unknown type of check",
        meaning: "The kind of check that was asked for does not exist, so nothing ran.",
      },
      {
        code: 101,
        message: "Not enough parameters",
        meaning: "The check lacks a parameter that it cannot start without.",
      },
      {
        code: 102,
        message: "Response time over the limit",
        meaning: "The check passed but took longer than the limit set for this service.",
      },
    ],
  },
  {
    list: "service",
    title: "Service uptime status, ICMP",
    page: "status list",
    rows: [
      {
        code: 400,
        message: "Ping could not be carried out",
        meaning:
          "No echo request could be sent, for a cause on this side or because the network has no way to the host.",
      },
      {
        code: 401,
        message: "Ping result not understood",
        meaning: "Something came back, but it could not be read as an echo reply.",
      },
      { code: 402, message: "No echo reply", meaning: "The host answered none of the echo requests." },
      { code: 403, message: "Some packets lost", meaning: "The host answered only a part of the echo requests." },
      { code: 404, message: "Name resolution failed", meaning: "The host name could not be turned into an address." },
    ],
  },
  {
    list: "service",
    title: "Service uptime status, HTTP(S)",
    page: "status list",
    rows: [
      {
        code: 410,
        message: "HTTP parameter missing",
        meaning: "A setting that the HTTP check needs is empty, or the URL is not one.",
      },
      {
        code: 411,
        message: "URL scheme unknown",
        meaning: "The configured URL has a scheme that an HTTP check cannot use.",
      },
      {
        code: 412,
        message: "Required words missing",
        meaning: "The page lacks a word or pattern that it must contain.",
      },
      {
        code: 413,
        message: "Forbidden words present",
        meaning: "The page contains a word or pattern that it must not.",
      },
      {
        code: 414,
        message: "HTTP status not allowed",
        meaning: "The web server answered with a status that this service does not accept.",
      },
      {
        code: 415,
        message: "TLS connection failed",
        meaning: "The connection stood, but no TLS session could be set up on it.",
      },
      {
        code: 416,
        message: "Certificate invalid",
        meaning: "The certificate itself is no good: out of its dates, for another name, revoked or wrongly signed.",
      },
      {
        code: 417,
        message: "No common TLS version or cipher",
        meaning: "The two sides have no TLS version or cipher that both accept.",
      },
      {
        code: 418,
        message: "Certificate authority not trusted",
        meaning: "The chain of the certificate does not lead to an authority that is trusted here.",
      },
      {
        code: 419,
        message: "Connection timed out",
        meaning: "The TCP connection or the TLS handshake was not finished in time.",
      },
      {
        code: 420,
        message: "Response timed out",
        meaning: "The connection stood, but the response was not complete in time.",
      },
      { code: 450, message: "Other HTTP error", meaning: "The request failed in a way that has no code of its own." },
      { code: 451, message: "Web server not reachable", meaning: "No TCP connection to the web server came about." },
      {
        code: 452,
        message: "Name resolution failed",
        meaning: "The host name of the URL could not be turned into an address.",
      },
      {
        code: 453,
        message: "Protocol not supported",
        meaning:
          "In the course of the check a scheme or protocol version came up that it does not support, for example in a redirect.",
      },
      {
        code: 454,
        message: "No time limit could be computed",
        meaning: "Working out how long the check may take gave nothing to work with, so it did not start.",
      },
    ],
  },
  {
    list: "service",
    title: "Service uptime status, TCP",
    page: "status list",
    rows: [
      {
        code: 460,
        message: "TCP parameter missing",
        meaning: "A setting that the TCP check needs, such as the port, is missing or invalid.",
      },
      { code: 461, message: "TCP port closed", meaning: "No TCP connection to the port came about." },
      { code: 462, message: "Name resolution failed", meaning: "The host name could not be turned into an address." },
      {
        code: 463,
        message: "No reply in time",
        meaning: "The connection stood, but no complete reply came within the time allowed.",
      },
      {
        code: 464,
        message: "TCP exchange failed",
        meaning:
          "Our reading, as the vendor gives no text: the exchange broke off, the reply could not be read, or TLS or this side failed. It stands between a reply that is late (463) and one that is not the expected (465), and TCP has no other code for the rest.",
        sourceText: "documentation/statuses-list.text-255",
      },
      {
        code: 465,
        message: "Reply not as expected",
        meaning: "The server replied with something else than the check expects.",
      },
    ],
  },
  {
    list: "service",
    title: "Service uptime status, FTP",
    page: "status list",
    rows: [
      { code: 480, message: "Other FTP error", meaning: "The FTP check failed in a way that has no code of its own." },
      {
        code: 481,
        message: "FTP protocol violated",
        meaning: "The server's side of the dialogue is not proper FTP, or broke off.",
      },
      {
        code: 482,
        message: "FTP command failed",
        meaning: "One of the commands, or the transfer that it started, did not succeed.",
      },
      { code: 483, message: "FTP port closed", meaning: "No connection to the control port came about." },
      { code: 484, message: "User or password wrong", meaning: "The server turned down the named user's login." },
      {
        code: 485,
        message: "Command needs a login",
        meaning: "The server wants a login, or another account, before it runs a command of the check.",
      },
      { code: 486, message: "Anonymous login not allowed", meaning: "The server takes no anonymous users." },
    ],
  },
  {
    list: "service",
    title: "Service uptime status, UDP",
    page: "status list",
    rows: [
      {
        code: 490,
        message: "Other UDP error",
        meaning: "The UDP check failed in a way that has no code of its own, mostly before or while sending.",
      },
      { code: 491, message: "No reply to the datagram", meaning: "The request was sent, and nothing came back." },
      {
        code: 492,
        message: "Reply not as expected",
        meaning: "The server replied with something else than the check expects.",
      },
      { code: 493, message: "Reply not valid", meaning: "The server replied with something that cannot be read." },
    ],
  },
  {
    list: "service",
    title: "Service uptime status, WebSocket",
    page: "status list",
    rows: [
      {
        code: 520,
        message: "Other WebSocket error",
        meaning: "The WebSocket check failed in a way that has no code of its own.",
      },
      {
        code: 521,
        message: "TLS or local error before the upgrade",
        meaning:
          "The check failed before it could ask for a WebSocket: in TLS, or on this side. The vendor gives 521 and 522 the same text; splitting them by stage is our reading.",
      },
      {
        code: 522,
        message: "Upgrade to WebSocket failed",
        meaning:
          "The server did not answer, refused or garbled the upgrade to a WebSocket. The vendor gives 521 and 522 the same text; splitting them by stage is our reading.",
      },
      { code: 523, message: "WebSocket server not reachable", meaning: "No connection to the server came about." },
      {
        code: 524,
        message: "WebSocket exchange failed",
        meaning: "The WebSocket was open, then sending failed or the server closed it too early.",
      },
      {
        code: 525,
        message: "No message in time",
        meaning: "The WebSocket was open, but no message came within the time allowed.",
      },
      {
        code: 526,
        message: "Message not as expected",
        meaning: "The server sent a message other than the one that the check expects.",
      },
      {
        code: 527,
        message: "Message not valid",
        meaning: "The server sent something that violates the WebSocket protocol or cannot be read.",
      },
    ],
  },
  {
    list: "server",
    title: "Server status",
    page: "status list",
    rows: [
      { code: 0, message: "Server operational", meaning: "The last report is inside every threshold." },
      {
        code: -1,
        message: "Created, not yet activated",
        meaning: "The server is declared, but its monitoring has not been switched on yet.",
      },
      { code: -2, message: "Monitoring disabled", meaning: "Someone switched the monitoring of this server off." },
      {
        code: -3,
        message: "Activated, no report yet",
        meaning: "Monitoring is on, and the server has not sent its first report yet.",
      },
      {
        code: 100,
        message: "Load over the threshold",
        meaning: "The load average in the last report is above its threshold.",
      },
      {
        code: 101,
        message: "CPU usage over the threshold",
        meaning: "The share of processor time in use is above its threshold.",
      },
      {
        code: 102,
        message: "Memory usage over the threshold",
        meaning: "The share of memory in use is above its threshold.",
      },
      {
        code: 103,
        message: "Storage usage over the threshold",
        meaning: "The share of space in use on at least one file system is above its threshold.",
      },
      {
        code: 104,
        message: "Outgoing bandwidth over the threshold",
        meaning: "The share of bandwidth used for sending is above its threshold.",
      },
      {
        code: 105,
        message: "Incoming bandwidth over the threshold",
        meaning: "The share of bandwidth used for receiving is above its threshold.",
      },
      { code: 106, message: "Report overdue", meaning: "No readable report arrived within the interval." },
    ],
  },
  {
    list: "ssl",
    title: "SSL certificate status",
    page: "status list",
    rows: [
      { code: 0, message: "Certificate valid", meaning: "The certificate's dates, names and chain are in order." },
      {
        code: -1,
        message: "Created, not yet activated",
        meaning: "The certificate check is declared, but has not been switched on yet.",
      },
      { code: -2, message: "Monitoring disabled", meaning: "Someone switched the monitoring of this certificate off." },
      {
        code: -3,
        message: "Activated, not yet checked",
        meaning: "Monitoring is on, and the first check of the certificate has not finished yet.",
      },
      {
        code: 410,
        message: "Parameter missing",
        meaning: "A setting that the certificate check needs is empty or invalid, such as the host or the port.",
      },
      {
        code: 411,
        message: "Scheme unknown",
        meaning: "The configured target has a scheme that a certificate check cannot use.",
      },
      {
        code: 414,
        message: "HTTP status not allowed",
        meaning: "The optional HTTP request over the connection got a status that is not accepted.",
      },
      {
        code: 415,
        message: "TLS connection failed",
        meaning: "The connection stood, but no TLS session could be set up on it.",
      },
      {
        code: 416,
        message: "Certificate invalid",
        meaning: "The certificate itself is no good: out of its dates, for another name, revoked or wrongly signed.",
      },
      {
        code: 417,
        message: "No common TLS version or cipher",
        meaning: "The two sides have no TLS version or cipher that both accept.",
      },
      {
        code: 418,
        message: "Certificate authority not trusted",
        meaning: "The chain of the certificate does not lead to an authority that is trusted here.",
      },
      {
        code: 419,
        message: "Connection timed out",
        meaning: "The TCP connection or the TLS handshake was not finished in time.",
      },
      {
        code: 420,
        message: "Dialogue timed out",
        meaning: "The dialogue around the handshake, in HTTP or to start TLS, was not finished in time.",
      },
      {
        code: 450,
        message: "Other error",
        meaning: "The certificate check failed in a way that has no code of its own.",
      },
      { code: 451, message: "Server not reachable", meaning: "No TCP connection to the server came about." },
      { code: 452, message: "Name resolution failed", meaning: "The host name could not be turned into an address." },
      {
        code: 453,
        message: "Protocol not supported",
        meaning: "In the course of the check a protocol came up that it does not support, for example in a redirect.",
      },
      {
        code: 454,
        message: "No time limit could be computed",
        meaning: "Working out how long the check may take gave nothing to work with, so it did not start.",
      },
      {
        code: 470,
        message: "No certificate at this address",
        meaning: "What listens there does not speak TLS, or presents no certificate.",
      },
    ],
  },
  {
    list: "domain",
    title: "Domain name status",
    page: "status list",
    rows: [
      {
        code: 0,
        message: "Domain in order",
        meaning: "The domain is registered, not expired, and nothing is held against it.",
      },
      {
        code: -1,
        message: "Created, not yet activated",
        meaning: "The domain is declared, but its monitoring has not been switched on yet.",
      },
      { code: -2, message: "Monitoring disabled", meaning: "Someone switched the monitoring of this domain off." },
      {
        code: -3,
        message: "Activated, not yet looked up",
        meaning: "Monitoring is on, and the first look-up at the registry has not finished yet.",
      },
      {
        code: 500,
        message: "Registry data not available",
        meaning: "No registry could be asked about the domain, or it did not answer.",
      },
      {
        code: 501,
        message: "Registry data not understood",
        meaning: "The look-up failed otherwise, mostly because the registry's answer could not be read.",
      },
      { code: 510, message: "Domain expired", meaning: "The registration has run out." },
      {
        code: 511,
        message: "Transfer lock missing",
        meaning: "Nothing at the registry prevents the domain from being transferred away.",
      },
      {
        code: 512,
        message: "Domain on a block list",
        meaning: "At least one of the configured block lists names the domain.",
      },
      {
        code: 513,
        message: "Domain not registered",
        meaning: "The registry knows no such domain: anyone may register it.",
      },
      {
        code: 514,
        message: "Domain suspended",
        meaning: "The registrar or the registry has taken the domain out of the DNS.",
      },
    ],
  },
] as const satisfies readonly DictionarySection[];

export type HitflowList = ListOf<typeof HITFLOW_CODES>;

/** What a rule of one list may name: its documented codes. */
export type HitflowCode<L extends HitflowList> = CodeOf<typeof HITFLOW_CODES, L>;
