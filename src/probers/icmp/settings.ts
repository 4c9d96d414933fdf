import { z } from "zod";
import { type AddressFamily, addressFamilyShape, readAddressFamily } from "../../settings/address-family.ts";
import { duration } from "../../settings/duration.ts";
import { decimal, integer } from "../../settings/numbers.ts";
import { yamlBoolean } from "../../settings/yaml-boolean.ts";

/** A module's `icmp` block, decoded. */
export interface IcmpSettings {
  readonly family: AddressFamily;
  readonly payloadBytes: number;
  readonly dontFragment: boolean;
  /** Undefined for the system's own. */
  readonly hopLimit: number | undefined;
  readonly typeOfService: number | undefined;
  readonly packets: number;
  /** From one packet to the next, unless the deadline leaves less. */
  readonly intervalSeconds: number;
  readonly packetTimeoutSeconds: number;
  /** The share of packets that may be lost. */
  readonly maxLossRatio: number;
}

/** What 65,535 bytes of an IPv4 packet leave beside its header and that of the echo (RFC 791 §3.1, RFC 792). */
const LARGEST_PAYLOAD_BYTES = 65_507;

/** A scrape waits for the answer: more packets than this would be a load for the target, not a better measurement. */
const MOST_PACKETS = 1_000;

/** A hundred packets a second from one probe; faster is flooding, for which ping(8) asks for privileges. */
const SHORTEST_INTERVAL_SECONDS = 0.01;

/** As many bytes as blackbox_exporter sends unless told otherwise. */
const DEFAULT_PAYLOAD_BYTES = 28;

const DEFAULT_TTL = 64;

/** Those of ping(8), and of Cloud Monitor. */
const DEFAULT_INTERVAL_SECONDS = 1;
const DEFAULT_PACKET_TIMEOUT_SECONDS = 2;

const raw = z.strictObject({
  ...addressFamilyShape,
  payload_size: between(0, LARGEST_PAYLOAD_BYTES).optional(),
  dont_fragment: yamlBoolean.optional(),
  ttl: between(0, 255).optional(),
  tos: between(0, 255).optional(),
  packets: between(1, MOST_PACKETS).optional(),
  interval: duration.refine((seconds) => seconds >= SHORTEST_INTERVAL_SECONDS, "expected 10ms or more").optional(),
  packet_timeout: duration.refine((seconds) => seconds > 0, "expected more than 0s").optional(),
  max_loss_ratio: decimal.refine((ratio) => ratio >= 0 && ratio < 1, "expected 0 or more, and less than 1").optional(),
});

/** Reads the `icmp` block of a module. */
export const icmpSettings: z.ZodType<IcmpSettings> = raw.transform((given): IcmpSettings => {
  const packets = given.packets ?? 1;
  return {
    family: readAddressFamily(given),
    // As in blackbox_exporter, 0 stands for the default.
    payloadBytes: given.payload_size || DEFAULT_PAYLOAD_BYTES,
    dontFragment: given.dont_fragment ?? false,
    // As in blackbox_exporter, 0 leaves it to the system.
    hopLimit: (given.ttl ?? DEFAULT_TTL) || undefined,
    typeOfService: given.tos,
    packets,
    intervalSeconds: given.interval ?? DEFAULT_INTERVAL_SECONDS,
    // As in blackbox_exporter, one packet has all the time that there is.
    packetTimeoutSeconds: given.packet_timeout ?? (packets === 1 ? Infinity : DEFAULT_PACKET_TIMEOUT_SECONDS),
    maxLossRatio: given.max_loss_ratio ?? 0,
  };
});

function between(least: number, most: number): z.ZodType<number> {
  return integer.refine((value) => value >= least && value <= most, `expected ${least} to ${most}`);
}
