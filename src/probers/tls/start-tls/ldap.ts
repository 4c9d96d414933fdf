import type { Socket } from "node:net";
import { ByteReader } from "../../../network/byte-reader.ts";
import { derElements } from "../../../network/certificate-der.ts";
import { write } from "../../../network/write.ts";
import { readBytes, refuseEarlyBytes } from "./read-bytes.ts";
import { malformed, notOffered } from "./refusal.ts";

/** The name of the extended operation StartTLS (RFC 4511 §4.14.1). */
const START_TLS = Buffer.from("1.3.6.1.4.1.1466.20037");

/** An ExtendedRequest with message ID 1. */
export const LDAP_START_TLS_REQUEST = wrap(0x30, [
  Buffer.from([0x02, 0x01, 0x01]),
  wrap(0x77, [wrap(0x80, [START_TLS])]),
]);

/** A reply has some dozens of bytes. */
const LONGEST_REPLY_BYTES = 4096;

/** What the server thought of the request: a result code (RFC 4511 appendix A) with its text, 0 being success. */
export interface LdapResult {
  readonly code: number;
  readonly text: string;
}

/** Reads the content of an LDAPMessage that holds an ExtendedResponse; undefined where it holds anything else. */
export function readLdapReply(content: Buffer): LdapResult | undefined {
  try {
    const response = derElements(content).find(({ tag }) => tag === 0x78);
    const [code, , text] = derElements(response?.content ?? Buffer.alloc(0));
    if (code?.tag !== 0x0a || code.content.length !== 1) return undefined;
    return { code: code.content.readUInt8(), text: text?.content.toString() ?? "" };
  } catch {
    return undefined;
  }
}

/** The extended operation StartTLS. */
export async function askLdap(socket: Socket): Promise<void> {
  using reader = new ByteReader(socket);
  await write(socket, LDAP_START_TLS_REQUEST);
  const content = await readMessage(reader);
  const result = readLdapReply(content);
  if (result === undefined) throw malformed("an answer to StartTLS", content.toString("latin1"));
  if (result.code !== 0) throw notOffered(`The server refused StartTLS with code ${result.code}`, result.text);
  refuseEarlyBytes(reader);
}

async function readMessage(reader: ByteReader): Promise<Buffer> {
  const head = await readBytes(reader, 2);
  const [tag, first = 0] = head;
  if (tag !== 0x30) throw malformed("a message of LDAP", head.toString("latin1"));
  // A long form says how many bytes of length follow; some servers always write four.
  const count = first >= 0x80 ? first & 0x7f : 0;
  if (count > 4 || first === 0x80) throw malformed("a message of LDAP", head.toString("latin1"));
  const length = count === 0 ? first : (await readBytes(reader, count)).readUIntBE(0, count);
  if (length > LONGEST_REPLY_BYTES) throw malformed("a short message of LDAP", `${length} bytes`);
  return readBytes(reader, length);
}

function wrap(tag: number, parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, content.length]), content]);
}
