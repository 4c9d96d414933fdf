import { createSocket } from "node:dgram";

/**
 * A name server that answers every query with the same IPv4 address: it repeats the query's header and question, which
 * have no pointers, and appends one record whose name is a pointer to the question's (RFC 1035 §4.1).
 */
const HEADER_BYTES = 12;
const TYPE_AND_CLASS_BYTES = 4;

/** An answer without error to a query that wanted recursion; one question, one answer, no more. */
const FLAGS_AND_COUNTS = Buffer.from("81800001000100000000", "hex");

/** The name of the question, type A, class IN, five minutes, 192.0.2.1. */
const ANSWER = Buffer.from("c00c000100010000012c0004c0000201", "hex");

const server = createSocket("udp4");
server.on("message", (query, { port, address }) => {
  const question = query.subarray(HEADER_BYTES, query.indexOf(0, HEADER_BYTES) + 1 + TYPE_AND_CLASS_BYTES);
  server.send(Buffer.concat([query.subarray(0, 2), FLAGS_AND_COUNTS, question, ANSWER]), port, address);
});
server.bind(0, "127.0.0.1", () => process.stdout.write(`${server.address().port}\n`));
