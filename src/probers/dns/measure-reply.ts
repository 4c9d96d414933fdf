import type { ProbeContext } from "../../probe/prober.ts";
import { type Message, SECTIONS } from "./message.ts";
import { recordTypeNumber } from "./record-type.ts";
import { responseCodeName } from "./response-code.ts";

const SOA = recordTypeNumber("SOA");

/** A log is read by a person: the first records of a section tell what it is about. */
const MOST_LOGGED = 20;
const LONGEST_LOGGED = 500;

/** Measures and logs what a reply to a query of this type says, before it is judged. */
export function measureReply(
  reply: Message,
  { type, context }: { readonly type: number; readonly context: ProbeContext },
): void {
  const { answer, authority, additional } = reply.sections;
  const code = responseCodeName(reply.responseCode);
  context.measure("probe_dns_query_succeeded", 1);
  context.measure("probe_dns_answer_rrs", answer.length);
  context.measure("probe_dns_authority_rrs", authority.length);
  context.measure("probe_dns_additional_rrs", additional.length);
  context.measure("probe_dns_rcode", reply.responseCode);
  context.measure("probe_dns_rcode_info", 1, { rcode: code });
  context.measure("probe_dns_authenticated_data", reply.authenticatedData ? 1 : 0);
  if (answer.length > 0) context.measure("probe_dns_lowest_ttl_seconds", Math.min(...answer.map(({ ttl }) => ttl)));
  const serial = type === SOA ? serialIn(reply) : undefined;
  if (serial !== undefined) context.measure("probe_dns_serial", serial);
  context.log("info", "Reply received", { rcode: code, answers: answer.length });
  for (const section of SECTIONS) {
    for (const { text } of reply.sections[section].slice(0, MOST_LOGGED)) {
      context.log("debug", "Record", { section, record: text.slice(0, LONGEST_LOGGED) });
    }
  }
}

/** In the zone's SOA record, the first of the five numbers at the end (RFC 1035 §3.3.13); a name before may hold blanks. */
function serialIn({ sections }: Message): number | undefined {
  const soa = sections.answer.find((record) => record.type === SOA);
  const serial = soa?.data.split(" ").at(-5);
  return serial === undefined ? undefined : Number(serial);
}
