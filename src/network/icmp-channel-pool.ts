import { startAlarm } from "./deadline.ts";
import type { EchoRoute } from "./icmp.ts";
import { EchoChannel } from "./icmp-channel.ts";
import type { EchoSocket } from "./icmp-socket.ts";

export interface ChannelPool {
  /** A channel for this route, shared with the probes that use it now. */
  take(route: EchoRoute): { readonly channel: EchoChannel; readonly release: () => void };
}

/** Opening a socket costs a few times what an echo costs; an idle one would fill with what nobody waits for. */
const IDLE_SECONDS = 2;

interface Shared {
  readonly channel: EchoChannel;
  users: number;
  closing: Disposable | undefined;
}

/**
 * Opens one channel for each kind of route, of which there are no more than modules, and closes it when it has been idle
 * for a while.
 */
export function createChannelPool(open: (route: EchoRoute) => EchoSocket): ChannelPool {
  const channels = new Map<string, Shared>();
  return {
    take(route) {
      const key = keyOf(route);
      const shared = channels.get(key) ?? { channel: new EchoChannel(open(route)), users: 0, closing: undefined };
      channels.set(key, shared);
      shared.closing?.[Symbol.dispose]();
      shared.users += 1;
      const close = (): void => {
        channels.delete(key);
        shared.channel.close();
      };
      const release = (): void => {
        shared.users -= 1;
        if (shared.users > 0) return;
        shared.closing = startAlarm({ seconds: IDLE_SECONDS, onTime: close, purpose: "idle" });
      };
      return { channel: shared.channel, release };
    },
  };
}

function keyOf({ family, sourceAddress, hopLimit, typeOfService, dontFragment }: EchoRoute): string {
  return `${family} ${sourceAddress ?? ""} ${hopLimit ?? ""} ${typeOfService ?? ""} ${dontFragment}`;
}
