import { isIP } from "node:net";
import { ProbeFailure } from "../outcome/probe-failure.ts";

/** The address to send from, as it is; throws ProbeFailure `local/no-socket` where it is none or of another family. */
export function checkedSourceAddress(sourceAddress: string, ip: string): string {
  const family = isIP(sourceAddress);
  if (family === 0) {
    throw new ProbeFailure("local/no-socket", {
      detail: `Expected an IP address as source address, found ${JSON.stringify(sourceAddress.slice(0, 200))}`,
    });
  }
  if (family !== isIP(ip)) {
    throw new ProbeFailure("local/no-socket", {
      detail: `The source address ${sourceAddress} and the target's address ${ip} are of different families`,
    });
  }
  return sourceAddress;
}
