import type { Socket } from "node:net";
import { firstAllowed } from "../network/address-policy.ts";
import { connect } from "../network/connect.ts";
import type { Network } from "../network/network.ts";
import type { TlsSettings } from "../network/tls-settings.ts";
import { ProbeFailure } from "../outcome/probe-failure.ts";
import type { AddressFamily } from "../settings/address-family.ts";
import type { ProbeContext } from "./prober.ts";

/** What a look-up in the background works with: no probe's context, for the probe may end first. */
export interface Line {
  readonly settings: { readonly family: AddressFamily; readonly tls: TlsSettings };
  readonly module: ProbeContext["module"];
  readonly environment: { readonly network: Network };
  readonly signal: AbortSignal;
}

/** Connects to a server by the module's rules for names and addresses. Throws `ProbeFailure`, or the socket's error. */
export async function dial(
  { host, port }: { readonly host: string; readonly port: number },
  line: Line,
): Promise<Socket> {
  const { settings, module, environment, signal } = line;
  const { preferred, fallback, sourceAddress } = settings.family;
  const addresses = await environment.network.resolver.resolve(host, {
    preferred,
    fallback,
    servers: module.resolver,
    signal,
    wanted: module.internalAddresses === "allow" ? "first" : "all",
  });
  const address = firstAllowed(addresses, module.internalAddresses);
  if (address !== undefined) return connect({ ip: address.ip, port, sourceAddress }, { signal });
  throw new ProbeFailure("policy/internal-address", {
    detail: `${host} is at internal addresses only, which internal_addresses: forbid rules out`,
  });
}
