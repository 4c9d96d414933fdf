import type { Report } from "../../../src/outcome/report.ts";
import { type AnswerParts, answerTo, type OnQuery, startNameServer } from "../../faults/dns/name-server.ts";
import type { Settings } from "../../faults/fault.ts";
import { runProbe } from "../../support/run-probe.ts";

export interface Asking {
  /** The module's `dns` block, beside `query_name: example.com` and `query_type: A`. */
  readonly dns?: Settings;
  /** The module's keys beside it. */
  readonly module?: Settings;
  readonly hostname?: string;
  readonly onQuery: OnQuery;
}

/** Runs one probe of a name server that does with a query whatever it is told. */
export async function askNameServer({ dns = {}, module = {}, hostname, onQuery }: Asking): Promise<Report> {
  await using server = await startNameServer(onQuery);
  return await runProbe("dns", {
    target: `${server.host}:${server.port}`,
    settings: { ...QUESTION, ...dns },
    module,
    ...(hostname === undefined ? {} : { hostname }),
  });
}

/** The same, of a name server that answers with these records. */
export function askFor(answer: AnswerParts, dns: Settings = {}): Promise<Report> {
  return askNameServer({ dns, onQuery: ({ bytes }, reply) => reply(answerTo(bytes, answer)) });
}

const QUESTION = { query_name: "example.com", query_type: "A" } as const;
