import type { Protocol } from "../../src/outcome/protocol.ts";
import type { Settings } from "./fault.ts";
import type { Place } from "./servers/fault-server.ts";

/** How a protocol over a stream socket is asked for, so that the faults below it are the same for all of them. */
export interface StreamProtocol {
  readonly subject: Protocol;
  target(place: Place, channel: Channel): string;
  /** The keys of a module of this protocol, beside `prober` and `timeout`. */
  settings(wishes: StreamWishes): Settings;
}

export type Channel = "plain" | "tls";

/** What a fault needs of a module's settings. */
export interface StreamWishes {
  readonly channel: Channel;
  /** The module's `tls_config`. */
  readonly tls?: Settings;
  /** The address to connect from. */
  readonly sourceAddress?: string;
}
