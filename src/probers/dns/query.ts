import { encode, RECURSION_DESIRED } from "dns-packet";
import type { Question } from "./message.ts";
import { readMessageHead } from "./message.ts";
import type { QuerySettings } from "./settings.ts";

/** A query as it is sent, and what tells the reply to it. */
export interface Query {
  readonly id: number;
  readonly bytes: Buffer;
  readonly question: Question;
}

/** The query for a name that ends in a dot. */
export function encodeQuery(
  settings: QuerySettings,
  { id, name }: { readonly id: number; readonly name: string },
): Query {
  const { edns } = settings;
  const bytes = encode({
    type: "query",
    id,
    flags: (settings.recursionDesired ? RECURSION_DESIRED : 0) | (settings.authenticatedData ? AUTHENTICATED_DATA : 0),
    questions: [{ name, type: "A", class: "IN" }],
    additionals:
      edns === undefined
        ? []
        : [
            {
              type: "OPT",
              name: ".",
              udpPayloadSize: edns.udpPayloadSize,
              extendedRcode: 0,
              ednsVersion: 0,
              flags: edns.dnssecOk ? DNSSEC_OK : 0,
              flag_do: edns.dnssecOk,
              options: [],
            },
          ],
  });
  // The library does not know every type and class by number, so both are put in place of A and IN.
  const end = HEADER_BYTES + encodedLength(name);
  bytes.writeUInt16BE(settings.type, end);
  bytes.writeUInt16BE(settings.class, end + 2);
  const [question] = readMessageHead(bytes).questions;
  if (question === undefined) throw new TypeError("A query was encoded without its question");
  return { id, bytes, question };
}

/** RFC 6840 §5.7: asks for the flag alone, without signatures. */
const AUTHENTICATED_DATA = 1 << 5;
/** RFC 3225 §3. */
const DNSSEC_OK = 1 << 15;
/** RFC 1035 §4.1.1. */
const HEADER_BYTES = 12;

/** One byte more than the text with its final dot: a length stands before each label, and the root is a length of 0. */
function encodedLength(name: string): number {
  return name === "." ? 1 : name.length + 1;
}
