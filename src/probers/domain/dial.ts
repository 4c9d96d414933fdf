import type { Socket } from "node:net";
import { firstAllowed } from "../../network/address-policy.ts";
import { connect } from "../../network/connect.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import type { ProbeContext } from "../../probe/prober.ts";
import type { ServiceEnvironment } from "../../probe/services.ts";
import type { RegistrySettings } from "./settings.ts";

/** What a look-up in the background works with: no probe's context, for the probe may end first. */
export interface Line {
  readonly settings: RegistrySettings;
  readonly module: ProbeContext["module"];
  readonly environment: ServiceEnvironment;
  readonly signal: AbortSignal;
}

/** Connects to a registry's server by the module's rules for names and addresses. */
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
  throw new ProbeFailure("registry/unavailable", {
    detail: `${host} is at internal addresses only, which internal_addresses: forbid rules out`,
  });
}
