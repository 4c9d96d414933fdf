import { readFile, statfs } from "node:fs/promises";
import { hostname, release } from "node:os";
import { join } from "node:path";
import { SERVER_REPORT_LIMITS } from "../outcome/server-report-limits.ts";
import { USER_AGENT } from "../probe/version.ts";
import { readMemorySizes } from "./memory-sizes.ts";
import { readMountPoints } from "./mount-points.ts";
import { readNetworkCounters } from "./network-counters.ts";
import { readProcessorTimes } from "./processor-times.ts";
import { reportedName } from "./reported-name.ts";

/** Where the system that is reported on has its files: elsewhere, if the agent runs in a container. */
export interface SystemPaths {
  /** Usually `/proc`. */
  readonly proc: string;
  /** Usually `/`. */
  readonly root: string;
}

/** A report as docs/servers.md describes it. */
export type ServerReport = Readonly<Record<string, unknown>>;

export interface CollectOptions {
  /** Called with each name that is reported in another form than it has, and that form. */
  readonly onRenamed?: (name: string, reported: string) => void;
}

/**
 * Reads the figures of this system from the kernel itself: a few files on Linux, where a library would start programs
 * and bring code for five systems. Rejects with the system's error where a file cannot be read.
 */
export async function collectReport(
  { proc, root }: SystemPaths,
  { onRenamed }: CollectOptions = {},
): Promise<ServerReport> {
  const named = (name: string): string => {
    const reported = reportedName(name);
    if (reported !== name) onRenamed?.(name, reported);
    return reported;
  };
  const read = (name: string): Promise<string> => readFile(join(proc, name), "utf8");
  // Seen from a container, the first process has the mounts and the network of the system itself.
  const mountsOf = root === "/" ? "self" : "1";
  const networkOf = proc === "/proc" ? "self" : "1";
  const [uptime, load, stat, memory, mounts, network] = await Promise.all(
    ["uptime", "loadavg", "stat", "meminfo", `${mountsOf}/mounts`, `${networkOf}/net/dev`].map(read),
  );
  return {
    sent_at: Date.now() / 1000,
    agent: USER_AGENT,
    hostname: await systemHostname(root),
    kernel: release(),
    operating_system: await systemName(root),
    uptime: Number.parseFloat(uptime ?? ""),
    load_average: (load ?? "").split(" ").slice(0, 3).map(Number),
    cpu: processors(stat ?? ""),
    ...memoryParts(memory ?? ""),
    file_systems: await fileSystems(readMountPoints(mounts ?? ""), { root, named }),
    network: readNetworkCounters(network ?? "").map((one) => ({
      device: named(one.device),
      receive_bytes: one.receiveBytes,
      transmit_bytes: one.transmitBytes,
    })),
  };
}

/** A container has a name of its own; that of the system is in hostname(5), on most of them. */
async function systemHostname(root: string): Promise<string> {
  if (root === "/") return hostname();
  const name = /^[^#\s]+/mu.exec((await readIfThere(join(root, "etc/hostname"))) ?? "")?.[0] ?? hostname();
  return name.slice(0, SERVER_REPORT_LIMITS.nameLength);
}

/** The name in os-release(5); systems without that file are Linux at least. */
async function systemName(root: string): Promise<string> {
  const text = (await readIfThere(join(root, "etc/os-release"))) ?? "";
  const name = /^PRETTY_NAME="?(?<name>[^"\n]+)"?$/mu.exec(text)?.groups?.["name"] ?? "Linux";
  return name.slice(0, SERVER_REPORT_LIMITS.systemNameLength);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function processors(text: string): ServerReport | undefined {
  const times = readProcessorTimes(text);
  return times && { count: times.count, total_seconds: times.totalSeconds, idle_seconds: times.idleSeconds };
}

function memoryParts(text: string): ServerReport {
  const sizes = readMemorySizes(text);
  return {
    memory: { total_bytes: sizes.get("MemTotal"), available_bytes: sizes.get("MemAvailable") },
    swap: { total_bytes: sizes.get("SwapTotal"), free_bytes: sizes.get("SwapFree") },
  };
}

/** Under which root file systems are looked for, and how their mount points are reported. */
interface Places {
  readonly root: string;
  readonly named: (name: string) => string;
}

async function fileSystems(mountPoints: readonly string[], places: Places): Promise<readonly ServerReport[]> {
  const answers = await Promise.all(mountPoints.map((mountpoint) => fileSystem(mountpoint, places)));
  return answers.filter((answer) => answer !== undefined);
}

async function fileSystem(mountpoint: string, { root, named }: Places): Promise<ServerReport | undefined> {
  try {
    const { bsize, blocks, bfree, bavail } = await statfs(join(root, mountpoint));
    return {
      mountpoint: named(mountpoint),
      size_bytes: bsize * blocks,
      free_bytes: bsize * bfree,
      available_bytes: bsize * bavail,
    };
  } catch (error) {
    // One that was unmounted just now, or that this user may not look into, says nothing; the others still do.
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}
