import { domainToASCII } from "node:url";

/** The name to ask for: in ASCII (RFC 5891 §4), with its final dot; undefined where it cannot be a name. */
export function readQueryName(written: string): string | undefined {
  if (written === ".") return written;
  const ascii = /^\p{ASCII}*$/u.test(written) ? written : domainToASCII(written);
  const bare = ascii.replace(/\.$/u, "");
  const isName = bare.length <= LONGEST_NAME && bare.split(".").every((label) => LABEL.test(label));
  return isName ? `${bare}.` : undefined;
}

/** What 255 octets hold beside the first length and the root's (RFC 1035 §2.3.4). */
const LONGEST_NAME = 253;

/** Any printable characters: names of services start with an underscore. A backslash would start an escape. */
const LABEL = /^[!-[\]-~]{1,63}$/u;
