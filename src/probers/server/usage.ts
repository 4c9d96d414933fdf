import type { Figures, FileSystemFigures, Sample } from "./figures.ts";

/** What follows from figures: shares and rates. What cannot be told is undefined, or not in its list. */
export interface Usage {
  readonly cpuRatio: number | undefined;
  readonly memoryRatio: number | undefined;
  readonly swapRatio: number | undefined;
  readonly storage: readonly { readonly mountpoint: string; readonly ratio: number }[];
  readonly network: readonly DeviceRates[];
}

/** Bytes per second. */
interface DeviceRates {
  readonly device: string;
  readonly receive: number;
  readonly transmit: number;
}

/** The usage at the latest sample; counters are compared with the sample before it, where there is one. */
export function usageOf(latest: Sample, previous: Sample | undefined): Usage {
  const { memory, swap, fileSystems } = latest.figures;
  return {
    cpuRatio: previous && cpuRatio(latest.figures, previous.figures),
    memoryRatio: memory && share(memory.totalBytes - memory.availableBytes, memory.totalBytes),
    swapRatio: swap && share(swap.totalBytes - swap.freeBytes, swap.totalBytes),
    storage: fileSystems.flatMap((one) => {
      const ratio = storageRatio(one);
      return ratio === undefined ? [] : [{ mountpoint: one.mountpoint, ratio }];
    }),
    network: previous === undefined ? [] : deviceRates(latest, previous),
  };
}

/** Part of a whole from 0 to 1; a whole of nothing has no parts. */
function share(part: number, whole: number): number | undefined {
  return whole > 0 ? Math.min(1, Math.max(0, part / whole)) : undefined;
}

/** As df tells it: what is reserved for the superuser counts neither as used nor as free. */
function storageRatio({ sizeBytes, freeBytes, availableBytes }: FileSystemFigures): number | undefined {
  const used = sizeBytes - freeBytes;
  return share(used, used + availableBytes);
}

function cpuRatio({ cpu: latest }: Figures, { cpu: previous }: Figures): number | undefined {
  if (latest?.counters === undefined || previous?.counters === undefined) return undefined;
  const total = latest.counters.totalSeconds - previous.counters.totalSeconds;
  const idle = latest.counters.idleSeconds - previous.counters.idleSeconds;
  // Counters that went back belong to a server that was restarted. Linux lets idle time go back by a tick.
  return total > 0 && idle >= -IDLE_SLACK_SECONDS ? share(total - idle, total) : undefined;
}

/** A hundredth of a second per tick, and no more processors than this. */
const IDLE_SLACK_SECONDS = 1;

function deviceRates(latest: Sample, previous: Sample): readonly DeviceRates[] {
  const seconds = secondsBetween(latest, previous);
  if (seconds === undefined) return [];
  const before = new Map(previous.figures.network.map((one) => [one.device, one]));
  return latest.figures.network.flatMap(({ device, receiveBytes, transmitBytes }) => {
    const known = before.get(device);
    if (known === undefined) return [];
    const receive = (receiveBytes - known.receiveBytes) / seconds;
    const transmit = (transmitBytes - known.transmitBytes) / seconds;
    // A counter that went back began anew, nobody knows when.
    return receive < 0 || transmit < 0 ? [] : [{ device, receive, transmit }];
  });
}

/**
 * By the server's own clocks, for a report may have been on its way for long; by ours where it has none. Undefined
 * where the server was restarted in between, or where the clock went back.
 */
function secondsBetween(latest: Sample, previous: Sample): number | undefined {
  const uptimes = difference(latest.figures.uptimeSeconds, previous.figures.uptimeSeconds);
  if (uptimes !== undefined && uptimes <= 0) return undefined;
  const seconds =
    uptimes ?? difference(latest.sentAt, previous.sentAt) ?? (latest.receivedAt - previous.receivedAt) / 1000;
  return seconds > 0 ? seconds : undefined;
}

function difference(later: number | undefined, earlier: number | undefined): number | undefined {
  return later === undefined || earlier === undefined ? undefined : later - earlier;
}
