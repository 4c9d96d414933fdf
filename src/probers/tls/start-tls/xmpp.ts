import type { Socket } from "node:net";
import { ByteReader } from "../../../network/byte-reader.ts";
import { write } from "../../../network/write.ts";
import { closed, refuseEarlyBytes } from "./read-bytes.ts";
import { malformed, notOffered } from "./refusal.ts";

/** STARTTLS of XMPP (RFC 6120 §5.4): a stream, the features that it offers, and the wish to proceed. */
export async function askXmpp(socket: Socket, host: string): Promise<void> {
  using reader = new ByteReader(socket);
  await write(socket, Buffer.from(streamHeader(host)));
  const features = await readUntil(reader, /<\/stream:features\s*>|<stream:features\s*\/>|<\/stream:stream\s*>/u);
  if (!features.includes("<stream:features")) throw malformed("the features of an XMPP stream", features);
  if (!features.includes(TLS_NAMESPACE)) throw notOffered("The server does not list STARTTLS", features);
  refuseEarlyBytes(reader);
  await write(socket, Buffer.from(`<starttls xmlns='${TLS_NAMESPACE}'/>`));
  const answer = await readUntil(reader, /<(?:proceed|failure)\b[^>]{0,200}>/u);
  if (!/<proceed\b/u.test(answer)) throw notOffered("The server refused STARTTLS", answer);
  if (!answer.endsWith("/>")) await readUntil(reader, /<\/proceed\s*>/u);
  refuseEarlyBytes(reader);
}

const TLS_NAMESPACE = "urn:ietf:params:xml:ns:xmpp-tls";

function streamHeader(host: string): string {
  const to = host.replaceAll(/[<>&'"]/gu, (character) => `&#${character.codePointAt(0)};`);
  return `<?xml version='1.0'?><stream:stream to='${to}' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`;
}

/** Features are some hundred bytes. */
const LONGEST_ANSWER_BYTES = 16 * 1024;

/** Takes what comes up to the end of the match, as Latin-1: the names looked for are ASCII. */
async function readUntil(reader: ByteReader, end: RegExp): Promise<string> {
  for (;;) {
    const text = reader.held.toString("latin1");
    const match = end.exec(text);
    if (match !== null) return reader.take(match.index + match[0].length).toString("latin1");
    if (text.length > LONGEST_ANSWER_BYTES) throw malformed("a short answer of XMPP", text);
    if (!(await reader.more())) throw closed();
  }
}
