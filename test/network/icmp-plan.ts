import type { EchoPlan } from "../../src/network/icmp.ts";

/** One packet of 28 bytes to 127.0.0.1, unless told otherwise. */
export function makePlan(changes: Partial<EchoPlan> = {}): EchoPlan {
  return {
    ip: "127.0.0.1",
    family: 4,
    sourceAddress: undefined,
    hopLimit: 64,
    typeOfService: undefined,
    dontFragment: false,
    payloadBytes: 28,
    packets: 1,
    intervalSeconds: 0.01,
    packetTimeoutSeconds: 2,
    ...changes,
  };
}
