import { createIcmpClient } from "./icmp-client.ts";
import type { Network } from "./network.ts";
import { createResolver } from "./resolver.ts";
import { createTlsClient } from "./tls-client.ts";

/** One network for each thread that probes: its caches last as long as the thread. */
export function createNetwork(): Network {
  return { resolver: createResolver(), tls: createTlsClient(), icmp: createIcmpClient() };
}
