import { exchangeOverHttp1 } from "./http1.ts";
import { exchangeOverHttp2 } from "./http2.ts";
import type { Channel, ExchangeOptions, RequestMessage } from "./message.ts";

/**
 * Sends one request and hands its response to the receiver; the channel is destroyed at the end, whichever it is.
 * Rejects with a ProbeFailure of phase `exchange`, or with the socket's error.
 */
export function exchange(channel: Channel, message: RequestMessage & ExchangeOptions): Promise<void> {
  return channel.protocol === "h2"
    ? exchangeOverHttp2(channel.socket, message)
    : exchangeOverHttp1(channel.socket, message);
}
