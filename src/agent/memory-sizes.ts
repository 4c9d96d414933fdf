/** Bytes by the names of `/proc/meminfo`, e.g. `MemAvailable`. */
export function readMemorySizes(text: string): ReadonlyMap<string, number> {
  const lines = text.matchAll(/^(?<name>\w+): +(?<kibibytes>\d+) kB$/gmu);
  return new Map(
    [...lines].map(
      ({ groups }) => [groups?.["name"] ?? "", Number(groups?.["kibibytes"]) * BYTES_PER_KIBIBYTE] as const,
    ),
  );
}

/** The file says kB and means KiB (proc_meminfo(5)). */
const BYTES_PER_KIBIBYTE = 1024;
