import type { IcmpClient } from "./icmp.ts";
import type { Resolver } from "./resolve.ts";
import type { TlsClient } from "./secure.ts";

/** What a probe may use of the outside that outlives it: the caches of names, trust and certificates. */
export interface Network {
  readonly resolver: Resolver;
  readonly tls: TlsClient;
  readonly icmp: IcmpClient;
}
