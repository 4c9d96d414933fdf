import { type DatagramChannel, openDatagram } from "../../network/datagram.ts";
import { readMessageHead } from "./message.ts";
import { isReplyTo } from "./reply.ts";
import type { Inquiry } from "./transport.ts";

/** Asks over UDP, from a port of the system's choice (RFC 5452 §9.2). */
export async function askOverUdp(inquiry: Inquiry): Promise<Uint8Array> {
  const { address, server, settings, query, context, during } = inquiry;
  const { sourceAddress } = settings.family;
  const destination = { ...address, port: server.port, sourceAddress };
  await using channel = await during("connect", () => openDatagram(destination, context));
  return await during("exchange", async () => {
    await channel.send(query.bytes);
    return await awaitReply(channel, inquiry);
  });
}

/** Anyone may send a datagram in the server's name: what does not answer this query is passed over. */
async function awaitReply(channel: DatagramChannel, { query, context }: Inquiry): Promise<Uint8Array> {
  for (let strays = 1; ; strays += 1) {
    const datagram = await channel.receive();
    if (hasId(datagram, query.id) && isReplyTo(query, readMessageHead(datagram))) return datagram;
    if (strays <= MOST_TOLD) context.log("warn", "Passed over a datagram that does not answer the query", { strays });
  }
}

/** A flood of them must not fill the log. */
const MOST_TOLD = 3;

/** Before anything else is read, so that a stray datagram costs next to nothing. */
function hasId(datagram: Uint8Array, id: number): boolean {
  return datagram.length >= 2 && ((datagram[0] ?? 0) << 8) + (datagram[1] ?? 0) === id;
}
