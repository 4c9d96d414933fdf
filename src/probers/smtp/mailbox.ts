import { isIPv4, isIPv6 } from "node:net";
import { domainToASCII } from "node:url";

/** A mailbox as it goes into a path of SMTP. */
export interface Mailbox {
  /** Without the angle brackets. */
  readonly address: string;
  /** Whether the server must offer SMTPUTF8 (RFC 6531), for the local part is not ASCII. */
  readonly needsUtf8: boolean;
}

/**
 * Reads a mailbox by the syntax of RFC 5321 §4.1.2, with the characters that RFC 6531 §3.3 adds; undefined where the
 * text is none. Names in other scripts than Latin are sent in their ASCII form, which every server knows.
 */
export function parseMailbox(text: string): Mailbox | undefined {
  const at = text.lastIndexOf("@");
  const [local, domain] = [text.slice(0, Math.max(0, at)), text.slice(at + 1)];
  const sent = isLocalPart(local) ? sentDomain(domain) : undefined;
  if (sent === undefined) return undefined;
  const address = `${local}@${sent}`;
  return Buffer.byteLength(address) > LONGEST_ADDRESS_BYTES
    ? undefined
    : { address, needsUtf8: !/^[\u0020-\u007e]*$/u.test(address) };
}

/** A path has at most 256 octets, of which two are its angle brackets (RFC 5321 §4.5.3.1.3). */
const LONGEST_ADDRESS_BYTES = 254;
/** RFC 5321 §4.5.3.1.1. */
const LONGEST_LOCAL_PART_BYTES = 64;

const ATOM = /^[a-z\d!#$%&'*+/=?^_`{|}~\u{80}-\u{10ffff}-]+$/iu;
const QUOTED_STRING = /^"(?:[\u0020-\u0021\u0023-\u005b\u005d-\u007e\u{80}-\u{10ffff}]|\\[\u0020-\u007e])*"$/u;

function isLocalPart(text: string): boolean {
  if (Buffer.byteLength(text) > LONGEST_LOCAL_PART_BYTES || /\p{Cc}/u.test(text)) return false;
  return QUOTED_STRING.test(text) || text.split(".").every((atom) => ATOM.test(atom));
}

function sentDomain(text: string): string | undefined {
  const literal = /^\[(?<address>[^\]]*)\]$/u.exec(text)?.groups?.["address"];
  if (literal !== undefined) return isAddress(literal) ? text : undefined;
  if (isDomain(text)) return text;
  // The conversion leaves out line ends and the like without a word.
  const ascii = /^[a-z\d.\u{80}-\u{10ffff}-]+$/iu.test(text) ? domainToASCII(text) : "";
  return isDomain(ascii) ? ascii : undefined;
}

function isAddress(literal: string): boolean {
  return isIPv4(literal) || (/^IPv6:/iu.test(literal) && isIPv6(literal.slice("IPv6:".length)));
}

/** Labels of letters, digits and inner hyphens, as RFC 5321 §4.1.2 has them, of at most 63 characters (RFC 1035). */
function isDomain(text: string): boolean {
  return text.split(".").every((label) => /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/iu.test(label));
}
