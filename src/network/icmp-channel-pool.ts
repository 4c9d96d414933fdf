import type { EchoRoute } from "./icmp.ts";
import { EchoChannel } from "./icmp-channel.ts";
import type { EchoSocket } from "./icmp-socket.ts";

export interface ChannelPool {
  /** A channel for this route, shared with the probes that use it now; the last one that releases it closes it. */
  take(route: EchoRoute): { readonly channel: EchoChannel; readonly release: () => void };
}

/**
 * Opening costs some ten microseconds, so no socket is kept for later: none is idle, none fills with what nobody waits
 * for, and there are never more than kinds of probes in flight.
 */
export function createChannelPool(open: (route: EchoRoute) => EchoSocket): ChannelPool {
  const shared = new Map<string, { readonly channel: EchoChannel; users: number }>();
  return {
    take(route) {
      const key = keyOf(route);
      const entry = shared.get(key) ?? { channel: new EchoChannel(open(route)), users: 0 };
      shared.set(key, entry);
      entry.users += 1;
      const release = (): void => {
        entry.users -= 1;
        if (entry.users > 0) return;
        shared.delete(key);
        entry.channel.close();
      };
      return { channel: entry.channel, release };
    },
  };
}

function keyOf({ family, sourceAddress, hopLimit, typeOfService, dontFragment }: EchoRoute): string {
  return `${family} ${sourceAddress ?? ""} ${hopLimit ?? ""} ${typeOfService ?? ""} ${dontFragment}`;
}
