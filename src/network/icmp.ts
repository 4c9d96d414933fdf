/** How this host lets echo requests be sent, best first; `none` where it lets none. */
export type IcmpMethod = "datagram" | "raw" | "ping" | "none";

/** What the packets of one probe have in common with all that may share their socket. */
export interface EchoRoute {
  readonly family: 4 | 6;
  /** One of this host's addresses, of the same family. */
  readonly sourceAddress: string | undefined;
  /** TTL or hop limit of the requests, 1 to 255; undefined for the system's own. */
  readonly hopLimit: number | undefined;
  /** The byte that IPv4 calls type of service and IPv6 traffic class; undefined for the system's own. */
  readonly typeOfService: number | undefined;
  readonly dontFragment: boolean;
}

/** Which echo requests to send, and how long to wait for the replies. */
export interface EchoPlan extends EchoRoute {
  /** The address to ask, perhaps with a zone (`fe80::1%eth0`). */
  readonly ip: string;
  /** Bytes after the header of each request. */
  readonly payloadBytes: number;
  readonly packets: number;
  /** From one request to the next. */
  readonly intervalSeconds: number;
  /** A reply that takes longer counts as lost. */
  readonly packetTimeoutSeconds: number;
}

/** The first reply to one request. */
export interface EchoReply {
  /** Of the request, from 0. */
  readonly packet: number;
  /** Undefined where the `ping` program does not tell. */
  readonly roundTripSeconds: number | undefined;
  /** TTL or hop limit with which the reply arrived; undefined where the system does not tell. */
  readonly hopLimit: number | undefined;
}

/** What somebody on the way said of a request instead of passing it on (RFC 792, RFC 4443 §3). */
export interface EchoRefusal {
  readonly kind: "unreachable" | "too-big" | "hop-limit-exceeded" | "unsent";
  /** For a person, in a few words, with the address of who said so. */
  readonly detail: string;
}

/** What became of the requests of one probe. */
export interface EchoTally {
  readonly sent: number;
  /** In the order of the requests; at most one for each. */
  readonly replies: readonly EchoReply[];
  /** Further replies to requests that had been answered. */
  readonly duplicates: number;
  /** Replies to our requests whose payload is not the one that was sent. */
  readonly malformed: number;
  /** The newest, where there was one. */
  readonly refusal: EchoRefusal | undefined;
}

/** Echo requests on their way. */
export interface EchoRun {
  /** Sends the rest, one by one, and waits for what comes back. Rejects with the signal's reason after an abort. */
  finished(): Promise<EchoTally>;
}

/** Sends echo requests by whichever way this host allows; one for each thread that probes. */
export interface IcmpClient {
  /** How; found out when first asked, at the cost of one socket. */
  method(): Promise<IcmpMethod>;
  /**
   * Sends the first request. Rejects with `ProbeFailure` `local/no-socket` where this host allows none, and with the
   * system's error where the request cannot be sent.
   */
  start(plan: EchoPlan, options: { readonly signal: AbortSignal }): Promise<EchoRun>;
}
