import type { CodeOf, DictionarySection, ListOf } from "../dictionary.ts";

/**
 * Cloud Monitor's site monitoring codes, in the order of its page "Status codes"; the row of PING 615 is in the API
 * reference of CreateSiteMonitor instead. Phrases of HTTP statuses are IANA's (RFC 9110 §15), which are newer than the
 * vendor's for 413, 414 and 416.
 */
export const CLOUD_MONITOR_CODES = [
  {
    list: "http",
    title: "Custom status codes, HTTP",
    page: "status list",
    rows: [
      {
        code: 610,
        message: "Connection, TLS handshake or response timed out",
        meaning:
          "The site did not finish in time: the connection, the TLS handshake or the response was still open when the limit was reached. The vendor's own limit is 30 seconds.",
      },
      {
        code: 613,
        message: "Name resolution failed",
        meaning: "The host name of the URL could not be turned into an address.",
      },
      {
        code: 615,
        message: "Content check failed",
        meaning: "The response lacks something that it must contain, or contains something that it must not.",
      },
      {
        code: 616,
        message: "Authentication failed",
        meaning: "The site turned down the credentials that the monitor is configured with.",
      },
      {
        code: 611,
        message: "Failed for another cause",
        meaning:
          "The check failed in a way that has no code of its own, such as a refused connection or a bad certificate.",
      },
      {
        code: 617,
        message: "Too many redirects",
        meaning:
          "The site redirected more often than the monitor follows. The vendor's own detection points follow five redirects, those of carriers two.",
      },
      {
        code: 703,
        message: "Internal network refused",
        meaning: "The target lies on an internal network, and monitoring such addresses is forbidden.",
      },
    ],
  },
  {
    list: "ping",
    title: "Custom status codes, PING",
    page: "status list",
    rows: [
      {
        code: 550,
        message: "Network unreachable",
        meaning:
          "No echo request could be sent: the network has no way to the host, or this side could not start the ping.",
      },
      {
        code: 610,
        message: "No echo reply",
        meaning: "The requests went out, and not one was answered within two seconds.",
      },
      {
        code: 613,
        message: "Name resolution failed",
        meaning: "The host name could not be turned into an address.",
      },
      {
        code: 703,
        message: "Internal network refused",
        meaning: "The target lies on an internal network, and monitoring such addresses is forbidden.",
      },
    ],
  },
  {
    list: "ping",
    title: "CreateSiteMonitor, PING",
    page: "API reference",
    rows: [
      {
        code: 615,
        message: "Too many echo replies lost",
        meaning: "Some requests were answered, but the share that was lost is above the allowed failure rate.",
      },
    ],
  },
  {
    list: "tcp",
    title: "Custom status codes, TCP",
    page: "status list",
    rows: [
      {
        code: 550,
        message: "Socket not opened",
        meaning:
          "The machine that runs the check could not open a socket, usually because a system resource ran out there.",
      },
      {
        code: 610,
        message: "No reply, or not in time",
        meaning: "The connection stood, but no complete reply came over it.",
      },
      {
        code: 611,
        message: "Connection refused or timed out",
        meaning: "No TCP connection to the port came about.",
      },
      {
        code: 615,
        message: "Content check failed",
        meaning: "The reply lacks the expected content, or holds content that it must not.",
      },
      {
        code: 703,
        message: "Internal network refused",
        meaning: "The target lies on an internal network, and monitoring such addresses is forbidden.",
      },
    ],
  },
  {
    list: "udp",
    title: "Custom status codes, UDP",
    page: "status list",
    rows: [
      {
        code: 550,
        message: "Socket not opened",
        meaning:
          "The machine that runs the check could not open a socket, usually because a system resource ran out there.",
      },
      {
        code: 611,
        message: "Name resolution failed",
        meaning: "There was nothing to send to, because the host name could not be turned into an address.",
      },
      {
        code: 610,
        message: "Sending or receiving failed",
        meaning: "The datagram could not be sent, or no usable reply came back.",
      },
      {
        code: 615,
        message: "Content check failed",
        meaning: "The reply lacks the expected content, or holds content that it must not.",
      },
      {
        code: 703,
        message: "Internal network refused",
        meaning: "The target lies on an internal network, and monitoring such addresses is forbidden.",
      },
    ],
  },
  {
    list: "dns",
    title: "Custom status codes, DNS",
    page: "status list",
    rows: [
      {
        code: 610,
        message: "Name not resolved",
        meaning: "The DNS server answered, but its answer does not resolve the name: an error code, or no records.",
      },
      {
        code: 613,
        message: "DNS query failed",
        meaning:
          "Nothing usable came back from the DNS server: it could not be reached, stayed silent or sent a broken reply.",
      },
      {
        code: 615,
        message: "Content check failed",
        meaning: "The records of the answer are not those that the monitor expects.",
      },
      {
        code: 703,
        message: "Internal network refused",
        meaning: "The DNS server lies on an internal network, and monitoring such addresses is forbidden.",
      },
    ],
  },
  {
    list: "smtp",
    title: "Custom status codes, SMTP",
    page: "status list",
    rows: [
      {
        code: 610,
        message: "Timed out",
        meaning: "The mail server did not accept the connection or did not answer in time.",
      },
      {
        code: 611,
        message: "Mail server not reachable",
        meaning:
          "No usable dialogue with the mail server came about; a name that does not resolve, an invalid mailbox and a client that could not start are some of the causes.",
      },
      {
        code: 616,
        message: "Login rejected",
        meaning: "The mail server turned down the user name or the password.",
      },
      {
        code: 703,
        message: "Internal network refused",
        meaning: "The target lies on an internal network, and monitoring such addresses is forbidden.",
      },
    ],
  },
  {
    list: "pop3",
    title: "Custom status codes, POP3",
    page: "status list",
    rows: [
      {
        code: 611,
        message: "Mailbox server not usable",
        meaning:
          "The check failed, whatever the cause: this list has one code for every failure, a rejected login included.",
      },
      {
        code: 703,
        message: "Internal network refused",
        meaning: "The target lies on an internal network, and monitoring such addresses is forbidden.",
      },
    ],
  },
  {
    list: "ftp",
    title: "Custom status codes, FTP",
    page: "status list",
    rows: [
      {
        code: 610,
        message: "Transfer failed",
        meaning: "The session stood, but a command or the transfer of data in it failed.",
      },
      {
        code: 611,
        message: "Failed for another cause",
        meaning:
          "The check failed before a transfer, for example in name resolution or while connecting. The English page repeats the sentence of SMTP here; this reading follows the Chinese page.",
      },
      {
        code: 616,
        message: "Login failed",
        meaning: "The server turned down the user, named or anonymous.",
      },
      {
        code: 703,
        message: "Internal network refused",
        meaning: "The target lies on an internal network, and monitoring such addresses is forbidden.",
      },
    ],
  },
  {
    list: "http",
    title: "Common HTTP status codes",
    page: "status list",
    rows: [
      {
        code: 200,
        message: "OK",
        meaning: "The request succeeded.",
      },
      {
        code: 300,
        message: "Multiple Choices",
        meaning: "Several representations exist, and the server leaves the choice to the client.",
      },
      {
        code: 301,
        message: "Moved Permanently",
        meaning: "The resource has a new address for good. As a final status it means that redirects are not followed.",
      },
      {
        code: 302,
        message: "Found",
        meaning:
          "The resource is at another address for now. As a final status it means that redirects are not followed.",
      },
      {
        code: 303,
        message: "See Other",
        meaning:
          "The answer is to be fetched with GET from another address. As a final status it means that redirects are not followed.",
      },
      {
        code: 304,
        message: "Not Modified",
        meaning:
          "The copy that the request describes is still current, so no body is sent. Only conditional requests get this.",
      },
      {
        code: 305,
        message: "Use Proxy",
        meaning: "The resource was to be fetched through a proxy that the server names. Deprecated since RFC 7231.",
      },
      {
        code: 400,
        message: "Bad Request",
        meaning: "The server takes the request itself to be wrong, for example in its syntax.",
      },
      {
        code: 401,
        message: "Unauthorized",
        meaning: "The resource wants credentials, and the request carried none that are valid.",
      },
      {
        code: 403,
        message: "Forbidden",
        meaning: "The server understood the request and declines to fulfil it.",
      },
      {
        code: 404,
        message: "Not Found",
        meaning: "The server has nothing at this address, or does not want to say that it has.",
      },
      {
        code: 405,
        message: "Method Not Allowed",
        meaning: "The resource exists but does not support the request's method.",
      },
      {
        code: 406,
        message: "Not Acceptable",
        meaning: "The server has no representation that satisfies the Accept headers of the request.",
      },
      {
        code: 407,
        message: "Proxy Authentication Required",
        meaning: "The proxy on the way wants credentials first.",
      },
      {
        code: 408,
        message: "Request Timeout",
        meaning: "The server gave up waiting for the rest of the request.",
      },
      {
        code: 409,
        message: "Conflict",
        meaning: "The request contradicts the present state of the resource.",
      },
      {
        code: 411,
        message: "Length Required",
        meaning: "The server wants a Content-Length header, and the request has none.",
      },
      {
        code: 412,
        message: "Precondition Failed",
        meaning: "A condition in the headers of the request does not hold for the resource.",
      },
      {
        code: 413,
        message: "Content Too Large",
        meaning: "The body of the request is larger than the server takes.",
      },
      {
        code: 414,
        message: "URI Too Long",
        meaning: "The address in the request is longer than the server takes.",
      },
      {
        code: 415,
        message: "Unsupported Media Type",
        meaning: "The body of the request has a format that the resource does not support.",
      },
      {
        code: 416,
        message: "Range Not Satisfiable",
        meaning: "The range that the request asks for lies outside the resource.",
      },
      {
        code: 417,
        message: "Expectation Failed",
        meaning: "The server, or one on the way, cannot meet the Expect header of the request.",
      },
      {
        code: 499,
        message: "Client Closed Request",
        meaning:
          "Something on the way reports that its client hung up before the answer was ready. No HTTP standard has this status; nginx writes it into its logs.",
      },
      {
        code: 500,
        message: "Internal Server Error",
        meaning: "The server failed while it worked on the request.",
      },
      {
        code: 501,
        message: "Not Implemented",
        meaning: "The server lacks what the request needs, for example any support for its method.",
      },
      {
        code: 502,
        message: "Bad Gateway",
        meaning: "A gateway answered that the server behind it gave it no valid response.",
      },
      {
        code: 503,
        message: "Service Unavailable",
        meaning: "The server cannot serve requests at the moment: overloaded or under maintenance.",
      },
      {
        code: 504,
        message: "Gateway Timeout",
        meaning: "A gateway answered that the server behind it took too long.",
      },
      {
        code: 505,
        message: "HTTP Version Not Supported",
        meaning: "The server does not support the HTTP version of the request.",
      },
    ],
  },
] as const satisfies readonly DictionarySection[];

/** The value of a passed check outside HTTP: what the vendor's metric shows while healthy, though no list has a row for it. */
export const HEALTHY = 0;

export type CloudMonitorList = ListOf<typeof CLOUD_MONITOR_CODES>;

/** What a rule of one list may name: its documented codes, and the healthy value. */
export type CloudMonitorCode<L extends CloudMonitorList> = CodeOf<typeof CLOUD_MONITOR_CODES, L> | typeof HEALTHY;
