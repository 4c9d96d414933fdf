import { addressHash } from "../network/address-hash.ts";
import { firstAllowed } from "../network/address-policy.ts";
import type { Address } from "../network/resolve.ts";
import { ProbeFailure } from "../outcome/probe-failure.ts";
import type { ProbeContext } from "./prober.ts";

/** Which family a module prefers, and whether the other will do. */
export interface FamilyChoice {
  readonly preferred: 4 | 6;
  readonly fallback: boolean;
}

/** The address to dial for a host: resolved, measured and vetted by the module's policy. */
export async function reach(host: string, choice: FamilyChoice, context: ProbeContext): Promise<Address> {
  const addresses = await lookUp(host, choice, context);
  const address = await vet(addresses, context);
  if (address === undefined) {
    const found = addresses.map(({ ip }) => ip).join(", ");
    throw new ProbeFailure("policy/internal-address", {
      detail: `${host} is at internal addresses only (${found}), which internal_addresses: forbid rules out`,
    });
  }
  context.measure("probe_ip_protocol", address.family);
  context.measure("probe_ip_addr_hash", addressHash(address.ip));
  context.log("debug", "Resolved target address", { host, ip: address.ip });
  return address;
}

/** The phase `policy` is entered only where a policy is set. */
async function vet(addresses: readonly Address[], context: ProbeContext): Promise<Address | undefined> {
  const policy = context.module.internalAddresses;
  return policy === "allow" ? addresses[0] : context.during("policy", () => firstAllowed(addresses, policy));
}

/** Measures the look-up also when it fails; as upstream has it, protocol and hash then stay 0. */
async function lookUp(host: string, choice: FamilyChoice, context: ProbeContext): Promise<readonly Address[]> {
  const started = context.elapsedSeconds();
  context.measure("probe_ip_protocol", 0);
  context.measure("probe_ip_addr_hash", 0);
  try {
    return await context.during("resolve", () =>
      context.network.resolver.resolve(host, {
        ...choice,
        servers: context.module.resolver,
        signal: context.signal,
        wanted: context.module.internalAddresses === "allow" ? "first" : "all",
      }),
    );
  } finally {
    context.measure("probe_dns_lookup_time_seconds", context.elapsedSeconds() - started);
  }
}
