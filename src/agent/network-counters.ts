import { SERVER_REPORT_LIMITS } from "../outcome/server-report-limits.ts";

/** Bytes that a device has received and sent since it was made. */
export interface NetworkCounters {
  readonly device: string;
  readonly receiveBytes: number;
  readonly transmitBytes: number;
}

/** Devices of containers come and go, and what they carry goes over a real one as well. */
const PASSING = /^(?:lo|veth|cali|tap|docker|br-|virbr)/u;

/** Reads `/proc/net/dev`: the first number is bytes received, the ninth bytes sent (proc_pid_net(5)). */
export function readNetworkCounters(text: string): readonly NetworkCounters[] {
  const lines = [...text.matchAll(/^ *(?<device>[^\s:]+): *(?<numbers>[\d ]+)$/gmu)];
  return lines
    .flatMap(({ groups }) => {
      const device = groups?.["device"] ?? "";
      const numbers = (groups?.["numbers"] ?? "").split(/ +/u).map(Number);
      const [receiveBytes, transmitBytes] = [numbers[0], numbers[TRANSMIT_FIELD]];
      if (receiveBytes === undefined || transmitBytes === undefined || PASSING.test(device)) return [];
      return [{ device, receiveBytes, transmitBytes }];
    })
    .slice(0, SERVER_REPORT_LIMITS.devices);
}

const TRANSMIT_FIELD = 8;
