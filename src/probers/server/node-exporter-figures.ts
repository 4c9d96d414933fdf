import type { Figures } from "./figures.ts";
import { type ExportedSample, readExposition } from "./read-exposition.ts";

/** The figures in what a Linux server's node_exporter says; undefined where nothing of it is there. */
export function readNodeExporter(text: string): Figures | undefined {
  const samples = readExposition(text, NAMES);
  if (samples.length === 0) return undefined;
  const families = Map.groupBy(samples, ({ name }) => name);
  const of = (name: string): readonly ExportedSample[] => families.get(`node_${name}`) ?? [];
  const value = (name: string): number | undefined => of(name)[0]?.value;
  const label = (name: string, key: string): string => (of(name)[0]?.labels[key] ?? "").slice(0, LONGEST_LABEL);
  return {
    identity: {
      hostname: label("uname_info", "nodename"),
      operatingSystem: label("os_info", "pretty_name") || label("uname_info", "sysname"),
      kernel: label("uname_info", "release"),
      agent: "node_exporter",
    },
    uptimeSeconds: both(value("time_seconds"), value("boot_time_seconds"), (now, boot) => now - boot),
    load: readLoad(value),
    cpu: readCpu(of("cpu_seconds_total")),
    memory: both(value("memory_MemTotal_bytes"), value("memory_MemAvailable_bytes"), (totalBytes, availableBytes) => ({
      totalBytes,
      availableBytes,
    })),
    swap: both(value("memory_SwapTotal_bytes"), value("memory_SwapFree_bytes"), (totalBytes, freeBytes) => ({
      totalBytes,
      freeBytes,
    })),
    fileSystems: readFileSystems(of),
    network: readDevices(of),
  };
}

/** The least that is needed, so that the thousands of other lines are passed over. */
const NAMES: ReadonlySet<string> = new Set([
  "node_load1",
  "node_load5",
  "node_load15",
  "node_cpu_seconds_total",
  "node_memory_MemTotal_bytes",
  "node_memory_MemAvailable_bytes",
  "node_memory_SwapTotal_bytes",
  "node_memory_SwapFree_bytes",
  "node_filesystem_size_bytes",
  "node_filesystem_free_bytes",
  "node_filesystem_avail_bytes",
  "node_network_receive_bytes_total",
  "node_network_transmit_bytes_total",
  "node_time_seconds",
  "node_boot_time_seconds",
  "node_uname_info",
  "node_os_info",
]);

/** What a report may say of itself; the same for whoever is asked. */
const LONGEST_LABEL = 255;
const MOST_ENTRIES = 100;

type Families = (name: string) => readonly ExportedSample[];

function both<T>(
  first: number | undefined,
  second: number | undefined,
  make: (first: number, second: number) => T,
): T | undefined {
  return first === undefined || second === undefined ? undefined : make(first, second);
}

function readLoad(value: (name: string) => number | undefined): Figures["load"] {
  const [one, five, fifteen] = [value("load1"), value("load5"), value("load15")];
  if (one === undefined || five === undefined || fifteen === undefined) return undefined;
  return { "1m": one, "5m": five, "15m": fifteen };
}

/** Modes in which a processor does nothing; waiting for a disk is one of them (proc_stat(5)). */
const IDLE_MODES: ReadonlySet<string> = new Set(["idle", "iowait"]);

function readCpu(samples: readonly ExportedSample[]): Figures["cpu"] {
  if (samples.length === 0) return undefined;
  const idle = samples.filter(({ labels }) => IDLE_MODES.has(labels["mode"] ?? ""));
  return {
    count: new Set(samples.map(({ labels }) => labels["cpu"])).size,
    counters: { totalSeconds: sum(samples), idleSeconds: sum(idle) },
  };
}

function sum(samples: readonly ExportedSample[]): number {
  return samples.reduce((total, { value }) => total + value, 0);
}

/** File systems that are full by their nature, or that hold nothing that stays. */
const IGNORED_TYPES: ReadonlySet<string> = new Set([
  "squashfs",
  "iso9660",
  "udf",
  "erofs",
  "tmpfs",
  "devtmpfs",
  "ramfs",
  "overlay",
  "efivarfs",
  "autofs",
]);

function readFileSystems(of: Families): Figures["fileSystems"] {
  const free = byLabel(of("filesystem_free_bytes"), "mountpoint");
  const available = byLabel(of("filesystem_avail_bytes"), "mountpoint");
  return of("filesystem_size_bytes")
    .filter(({ labels }) => !IGNORED_TYPES.has(labels["fstype"] ?? ""))
    .flatMap(({ labels, value: sizeBytes }) => {
      const mountpoint = labels["mountpoint"] ?? "";
      const availableBytes = available.get(mountpoint);
      if (availableBytes === undefined || mountpoint.length > LONGEST_LABEL) return [];
      return [{ mountpoint, sizeBytes, availableBytes, freeBytes: free.get(mountpoint) ?? availableBytes }];
    })
    .slice(0, MOST_ENTRIES);
}

function readDevices(of: Families): Figures["network"] {
  const transmitted = byLabel(of("network_transmit_bytes_total"), "device");
  return of("network_receive_bytes_total")
    .flatMap(({ labels, value: receiveBytes }) => {
      const device = labels["device"] ?? "";
      const transmitBytes = transmitted.get(device);
      return transmitBytes === undefined || device.length > LONGEST_LABEL
        ? []
        : [{ device, receiveBytes, transmitBytes }];
    })
    .slice(0, MOST_ENTRIES);
}

function byLabel(samples: readonly ExportedSample[], label: string): ReadonlyMap<string, number> {
  return new Map(samples.map(({ labels, value }) => [labels[label] ?? "", value]));
}
