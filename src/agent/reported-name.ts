import { SERVER_REPORT_LIMITS } from "../outcome/server-report-limits.ts";

/**
 * A name of the kernel's (of a mount point or a network device) as a report may hold it: control characters as three
 * octal digits for each byte, as `/proc/mounts` has them, and at most 255 characters. One odd name must not cost the
 * whole report.
 */
export function reportedName(name: string): string {
  const plain = name.replaceAll(/\p{Cc}/gu, octal);
  return plain.length <= LONGEST_NAME ? plain : `${plain.slice(0, LONGEST_NAME - 1).toWellFormed()}…`;
}

const { nameLength: LONGEST_NAME } = SERVER_REPORT_LIMITS;

function octal(character: string): string {
  return [...Buffer.from(character)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}
