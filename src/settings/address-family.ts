import { isIP } from "node:net";
import { text } from "./text.ts";
import { yamlBoolean } from "./yaml-boolean.ts";

/** Which addresses of a name to use, and which of this host's addresses to send from. */
export interface AddressFamily {
  readonly preferred: 4 | 6;
  /** Whether an address of the other family will do where the preferred one has none. */
  readonly fallback: boolean;
  readonly sourceAddress: string | undefined;
}

/** The keys by which a module chooses addresses; spread into the strict object of a protocol's settings. */
export const addressFamilyShape = {
  preferred_ip_protocol: text.optional(),
  ip_protocol_fallback: yamlBoolean.optional(),
  source_ip_address: text.refine((value) => value === "" || isIP(value) !== 0, "expected an IP address").optional(),
};

/**
 * The choice that these keys make. As in blackbox_exporter, anything other than `ip6` and "" means IPv4, also `ipv6`;
 * the loader of the configuration warns of such values.
 */
export function readAddressFamily(raw: {
  readonly preferred_ip_protocol?: string | undefined;
  readonly ip_protocol_fallback?: boolean | undefined;
  readonly source_ip_address?: string | undefined;
}): AddressFamily {
  const preferred = raw.preferred_ip_protocol ?? "";
  return {
    preferred: preferred === "" || preferred === "ip6" ? 6 : 4,
    fallback: raw.ip_protocol_fallback ?? true,
    sourceAddress: raw.source_ip_address === "" ? undefined : raw.source_ip_address,
  };
}

/** What blackbox_exporter knows by name; any other value is accepted as `ip4`. */
export const FAMILY_NAMES: readonly string[] = ["", "ip4", "ip6"];
