import type { Protocol } from "../../src/outcome/protocol.ts";
import type { Settings } from "./fault.ts";
import type { Listen, Place } from "./servers/fault-server.ts";

/** How a protocol is pointed at a place, so that what may go wrong below it is written once for all of them. */
export interface Approach {
  readonly subject: Protocol;
  /** Makes a stream server listen where this protocol looks for one. */
  readonly listen: Listen;
  readonly target: (place: Place, channel: Channel) => string;
  /** The keys of a module of this protocol, beside `prober` and `timeout`. */
  readonly settings: (wishes: Wishes) => Settings;
}

export type Channel = "plain" | "tls";

/** What a fault needs of a module's settings. */
export interface Wishes {
  readonly channel: Channel;
  /** The module's `tls_config`. */
  readonly tls?: Settings;
  /** The address to send from. */
  readonly sourceAddress?: string;
  /** What to say and to expect (`query_response`), where the protocol leaves that to the module. */
  readonly steps?: readonly Settings[];
}
