import { SERVER_REPORT_LIMITS } from "../outcome/server-report-limits.ts";

/** File systems on disks of this machine: asking one over the network may wait for ever. */
const WATCHED_TYPES: ReadonlySet<string> = new Set([
  "bcachefs",
  "btrfs",
  "exfat",
  "ext2",
  "ext3",
  "ext4",
  "f2fs",
  "fuseblk",
  "jfs",
  "ntfs3",
  "reiserfs",
  "ufs",
  "vfat",
  "xfs",
  "zfs",
]);

/** Where the file systems worth watching are mounted (`/proc/self/mounts`), each once: of several places the first. */
export function readMountPoints(text: string): readonly string[] {
  const seen = new Set<string>();
  const mountPoints: string[] = [];
  for (const line of text.split("\n")) {
    const [device = "", path = "", type = ""] = line.split(" ");
    // The root of a container has a type that is otherwise of no interest.
    const isWatched = WATCHED_TYPES.has(type) || (type === "overlay" && path === "/");
    if (!isWatched || seen.has(device)) continue;
    seen.add(device);
    mountPoints.push(unescape(path));
  }
  return mountPoints.slice(0, SERVER_REPORT_LIMITS.fileSystems);
}

/** Spaces and the like are written as three octal digits (getmntent(3)). */
function unescape(path: string): string {
  return path.replaceAll(/\\(?<octal>[0-7]{3})/gu, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
