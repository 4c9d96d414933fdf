import type { Socket } from "node:net";
import { ByteReader } from "../../../network/byte-reader.ts";
import { write } from "../../../network/write.ts";
import { readBytes, refuseEarlyBytes } from "./read-bytes.ts";
import { malformed, notOffered } from "./refusal.ts";

/** SSLRequest: eight bytes of length and the code 80877103 (PostgreSQL, "Message Formats"). */
export const POSTGRES_SSL_REQUEST = Buffer.from("0000000804d2162f", "hex");

/** The SSLRequest of PostgreSQL, answered by one letter. */
export async function askPostgres(socket: Socket): Promise<void> {
  using reader = new ByteReader(socket);
  await write(socket, POSTGRES_SSL_REQUEST);
  const answer = (await readBytes(reader, 1)).toString("latin1");
  if (answer === "N") throw notOffered("The server has no TLS and answers", answer);
  if (answer !== "S") throw malformed("S or N in answer to the request for TLS", answer);
  refuseEarlyBytes(reader);
}
