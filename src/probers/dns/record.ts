import { type OptRecord, readOptRecord } from "./opt-record.ts";
import { rdataText } from "./rdata-text.ts";
import { recordClassName } from "./record-class.ts";
import { recordTypeName, recordTypeNumber } from "./record-type.ts";
import type { WireReader } from "./wire-reader.ts";

/** A resource record (RFC 1035 §4.1.3). */
export interface DnsRecord {
  readonly name: string;
  readonly type: number;
  /** Seconds. */
  readonly ttl: number;
  /** The data as in a zone file. */
  readonly data: string;
  /** The whole record as in a zone file: name, time to live, class, type and data with tabs between. */
  readonly text: string;
  /** Where the record is about the message rather than of the zone. */
  readonly opt: OptRecord | undefined;
}

const OPT = recordTypeNumber("OPT");
const NULL = recordTypeNumber("NULL");

/** Reads the next record; throws `ProbeFailure` `exchange/malformed`. */
export function readRecord(reader: WireReader): DnsRecord {
  const name = reader.name();
  const type = reader.uint16();
  const recordClass = reader.uint16();
  const ttl = reader.uint32();
  return reader.within(reader.uint16(), () => {
    if (type === OPT) return optRecord(reader, { name, type, recordClass, ttl });
    const { head, data } = dataOf(reader, { name, type, recordClass, ttl });
    return { name, type, ttl, data, text: head + data, opt: undefined };
  });
}

interface Head {
  readonly name: string;
  readonly type: number;
  readonly recordClass: number;
  readonly ttl: number;
}

function optRecord(reader: WireReader, { name, type, recordClass, ttl }: Head): DnsRecord {
  const opt = readOptRecord(reader, { udpPayloadSize: recordClass, flags: ttl });
  return { name, type, ttl: 0, data: "", text: opt.text, opt };
}

function dataOf(
  reader: WireReader,
  { name, type, recordClass, ttl }: Head,
): { readonly head: string; readonly data: string } {
  const head = `${name}\t${ttl}\t${recordClassName(recordClass)}\t${recordTypeName(type)}\t`;
  // Without a form of its own, the record is a comment.
  if (type === NULL) return { head: `;${head}`, data: reader.bytes().toString() };
  const data = rdataText(type, reader);
  if (data !== undefined) return { head, data };
  // RFC 3597 §5: type, class and data by number.
  const bytes = reader.bytes();
  return {
    head: `${name}\t${ttl}\tCLASS${recordClass}\tTYPE${type}\t`,
    data: `\\# ${bytes.length} ${bytes.toString("hex")}`,
  };
}
