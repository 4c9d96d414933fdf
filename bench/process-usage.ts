import { readFileSync } from "node:fs";

/** What a process has used so far, all its threads together (Linux, /proc/PID/stat and status). */
export interface ProcessUsage {
  readonly cpuMilliseconds: number;
  /** VmRSS: resident memory now. */
  readonly residentBytes: number;
  /** VmHWM: the most resident memory there ever was. */
  readonly peakResidentBytes: number;
}

/** The kernel counts CPU time for user space in hundredths of a second, whatever its own clock (USER_HZ). */
const MILLISECONDS_PER_TICK = 10;

/** Throws where there is no /proc. */
export function processUsage(pid: number): ProcessUsage {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  const status = readFileSync(`/proc/${pid}/status`, "latin1");
  // The second field is the program's name in brackets, which may hold spaces; utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return {
    cpuMilliseconds: (Number(fields[11]) + Number(fields[12])) * MILLISECONDS_PER_TICK,
    residentBytes: kibibytes(status, "VmRSS") * 1024,
    peakResidentBytes: kibibytes(status, "VmHWM") * 1024,
  };
}

function kibibytes(status: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(status)?.[1]);
}
